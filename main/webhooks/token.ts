import { type Result, accept, refuse } from "../contract/errors.ts";
import type { Verification, WebhookSecret } from "../contract/verification.ts";
import type { BasicScheme, BearerScheme, TokenScheme } from "../contract/webhook-scheme.ts";
import type { Provider, SignedChanges, WebhookRequest } from "./provider.ts";
import { readHeader } from "./read-header.ts";
import { isSameText } from "./signing-key.ts";
import { failed, unverifiable, verified } from "./verdict.ts";

type SentAsItIs = TokenScheme | BasicScheme | BearerScheme;

/** Requests that carry the secret as it is: it is right or wrong, and says nothing of the body. */
export function createTokenVerifier(scheme: SentAsItIs): Required<Pick<Provider, "verify" | "sign">> {
  return {
    verify(request, secrets) {
      const token = readToken(scheme, request);
      if (typeof token !== "string") return token;
      return matchToken(token, secrets, placeOf(scheme));
    },
    sign: (request, secret) => writeToken(scheme, request, secret),
  };
}

/** Compares with every secret, each in constant time. */
export function matchToken(token: string, secrets: readonly WebhookSecret[], place: string): Verification {
  const fitting = secrets.find(({ value }) => isSameText(value, token));
  if (fitting) return verified(fitting.name, null);
  const which = secrets.length === 1 ? `the secret "${secrets[0]!.name}"` : `one of the ${secrets.length} secrets`;
  return failed("wrong-secret", `${place} is not ${which}. Compare it with what the sender was given.`);
}

function placeOf(scheme: SentAsItIs): string {
  if (scheme.kind === "token") return scheme.in === "header" ? `The token in ${scheme.name}` : `The token in ?${scheme.name}=`;
  return scheme.kind === "basic" ? "User and password in Authorization" : "The token in Authorization";
}

function readToken(scheme: SentAsItIs, { headers, url }: WebhookRequest): string | Verification {
  if (scheme.kind === "token") return scheme.in === "header" ? readHeader(headers, scheme.name) : readParameter(url, scheme.name);
  const value = readHeader(headers, "Authorization");
  if (typeof value !== "string") return value;
  const [, kind, credentials] = /^([A-Za-z]+) +(\S+)$/.exec(value) ?? [];
  if (!credentials || kind?.toLowerCase() !== scheme.kind)
    return failed("malformed", `Authorization does not hold ${scheme.kind === "basic" ? "a user and password" : "a bearer token"}.`);
  return scheme.kind === "basic" ? Buffer.from(credentials, "base64").toString() : credentials;
}

function readParameter(url: string | null, name: string): string | Verification {
  if (url === null) return unverifiable("url-unknown", "The token stands in the URL that was dialled, which is not known.");
  const values = queryOf(url).getAll(name);
  if (values.length > 1) return failed("duplicate-header", `The URL has ${values.length} parameters ${name}; there may be only one.`);
  return values[0] || failed("missing-header", `The URL has no parameter ${name}: the request is not from this sender.`);
}

function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(/\?([^#]*)/s.exec(url)?.[1] ?? "");
}

function writeToken(scheme: SentAsItIs, { url }: WebhookRequest, secret: string): Result<SignedChanges> {
  if (scheme.kind === "bearer") return accept({ headers: [["Authorization", `Bearer ${secret}`]] });
  if (scheme.kind === "basic") return accept({ headers: [["Authorization", `Basic ${Buffer.from(secret).toString("base64")}`]] });
  if (scheme.in === "header") return accept({ headers: [[scheme.name, secret]] });
  if (url === null) return refuse("SIGNING_IMPOSSIBLE", "The token stands in the URL, and where the request goes is not known.");
  const query = queryOf(url);
  query.set(scheme.name, secret);
  return accept({ headers: [], url: `${url.replace(/[?#].*$/s, "")}?${query.toString()}` });
}
