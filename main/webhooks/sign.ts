import { type Result, accept, refuse } from "../contract/errors.ts";
import type { Provider, WebhookRequest } from "./provider.ts";

/** The request as the provider would send it now, signed with one of the source's secrets. All else stays as it was, the order of headers too. */
export function signWebhook(provider: Provider, request: WebhookRequest, secret: string, now: number): Result<WebhookRequest> {
  if (!provider.sign)
    return refuse("SIGNING_IMPOSSIBLE", `The request cannot be signed as ${provider.name} would: the key that signs is kept there.`);
  const signed = provider.sign(request, secret, now);
  if (!signed.ok) return signed;
  const { headers, body, url } = signed.value;
  const fresh = new Map(headers.map(([name, value]) => [name.toLowerCase(), [name, value] as const]));
  // A header that was there is set where it stood and as it was written; what is new comes last.
  const kept = request.headers.flatMap(([written, value]): [string, string][] => {
    const name = written.toLowerCase();
    const set = fresh.get(name);
    if (!set) return headers.some(([one]) => one.toLowerCase() === name) ? [] : [[written, value]];
    fresh.delete(name);
    return [[written, set[1]]];
  });
  return accept({ ...request, headers: [...kept, ...fresh.values()], body: body ?? request.body, url: url ?? request.url });
}
