import { validateHeaderName, validateHeaderValue } from "node:http";
import { ENDPOINT_DEFAULTS, ENDPOINT_NAME, type EndpointChange, type EndpointHeader } from "../contract/endpoint.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { HeaderList } from "../contract/event.ts";
import { topicFilterFault } from "../contract/topic.ts";
import type { Endpoint } from "./endpoint.ts";
import { createEndpointSecret, parseEndpointSecret, type EndpointSecret } from "./endpoint-secret.ts";
import type { TargetGuard } from "./target-guard.ts";

/** Set by the delivery itself, or no business of a request's sender. */
const RESERVED =
  /^(?:host|content-length|content-type|content-encoding|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|user-agent|accept-encoding|(?:proxy|webhook|signalbox)-.*)$/i;
/** Headers whose values are not shown again. */
const SECRET = /auth|cookie|key|secret|token|passw|signature|credential/i;

/** The endpoint a change makes, or makes of `before`. Refuses PARAMS_INVALID, TOPIC_INVALID, TARGET_REFUSED. */
export function changeEndpoint(
  before: Endpoint | null,
  change: EndpointChange & { readonly name: string },
  { id, now, guard }: { readonly id: number; readonly now: number; readonly guard: Pick<TargetGuard, "fault"> },
): Result<Endpoint> {
  const { name } = change;
  const wrong = (parameter: string, why: string) =>
    refuse("PARAMS_INVALID", `The endpoint "${name}" cannot be saved: ${why}.`, { parameter });
  if (!ENDPOINT_NAME.test(name))
    return wrong("name", "its name must have 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit");
  const address = change.url ?? before?.url;
  if (address === undefined) return wrong("url", "it has no url. Give the address its deliveries are posted to");
  const url = URL.parse(address);
  if (url === null) return wrong("url", `${JSON.stringify(address.slice(0, 200))} is not an address like https://example.com/hook`);
  const fault = guard.fault(url);
  if (fault !== null)
    return /^https?:$/.test(url.protocol) && url.username === "" && url.password === ""
      ? refuse("TARGET_REFUSED", `The endpoint "${name}" cannot be saved: ${fault}.`, { url: url.href })
      : wrong("url", fault);
  for (const filter of change.filters ?? []) {
    const why = topicFilterFault(filter);
    if (why !== null) return refuse("TOPIC_INVALID", `The endpoint "${name}" cannot be saved: ${why}.`, { filter });
  }
  const headers = change.headers === undefined ? accept(before?.headers ?? []) : mergeHeaders(change.headers, before, url);
  if (typeof headers === "string") return wrong("headers", headers);
  if (before !== null && (change.secret !== undefined || change.signature !== undefined))
    return wrong("secret", "it has a secret already. Rotate it to have another one");
  const secrets = before === null ? firstSecret(change, now) : accept(before.secrets);
  if (!secrets.ok) return secrets;

  const base = before ?? ENDPOINT_DEFAULTS;
  return accept({
    id,
    name,
    url: url.href,
    description: change.description ?? base.description,
    enabled: change.enabled ?? base.enabled,
    filters: change.filters ?? base.filters,
    concurrency: change.concurrency ?? base.concurrency,
    ratePerSecond: change.ratePerSecond === undefined ? base.ratePerSecond : change.ratePerSecond,
    ordered: change.ordered ?? base.ordered,
    timeoutMs: change.timeoutMs ?? base.timeoutMs,
    createdAt: before?.createdAt ?? now,
    disabledReason: change.enabled === undefined ? (before?.disabledReason ?? null) : null,
    headers: headers.value,
    secrets: secrets.value,
  });
}

function firstSecret({ secret, signature = "v1" }: EndpointChange, now: number): Result<readonly EndpointSecret[]> {
  if (secret === undefined) return accept([createEndpointSecret(signature, now)]);
  const parsed = parseEndpointSecret(secret, now);
  return parsed.ok ? accept([parsed.value]) : parsed;
}

/** With what is not said again taken from before, for the same origin only; or why that cannot be. */
function mergeHeaders(given: readonly EndpointHeader[], before: Endpoint | null, url: URL): { readonly value: HeaderList } | string {
  const merged: [string, string][] = [];
  for (const [name, value] of given) {
    const shown = JSON.stringify(name.slice(0, 100));
    if (!isHeader(name, value ?? "")) return `the header ${shown} cannot stand in a request`;
    if (RESERVED.test(name)) return `the header ${shown} is set by the delivery itself`;
    if (merged.some(([one]) => one.toLowerCase() === name.toLowerCase())) return `the header ${shown} is given twice`;
    const kept = before?.headers.find(([one]) => one.toLowerCase() === name.toLowerCase())?.[1];
    if (value === null && kept === undefined) return `the header ${shown} has no value`;
    if (value === null && before !== null && new URL(before.url).origin !== url.origin)
      return `the value of the header ${shown} was given for another address; give it again`;
    merged.push([name, value ?? kept ?? ""]);
  }
  return { value: merged };
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false; // That it throws is its way to say no.
  }
}

/** Headers as they are shown. */
export function toShownHeaders(headers: HeaderList): readonly EndpointHeader[] {
  return headers.map(([name, value]) => [name, SECRET.test(name) ? null : value]);
}
