import { type Result, accept, refuse } from "../contract/errors.ts";
import type { HmacScheme } from "../contract/webhook-scheme.ts";
import { createHeaderScheme, shapeOf } from "./header-scheme.ts";
import { parseTemplate } from "./signature-template.ts";
import type { SignatureScheme } from "./signature-scheme.ts";
import { createHmacKey, decodeStrictly } from "./signing-key.ts";

/** What most of them do. */
const USUAL = {
  kind: "hmac",
  algorithm: "sha256",
  encoding: "hex",
  prefix: "",
  separator: null,
  template: "{body}",
  timestampHeader: null,
  timestampPrefix: null,
  timestampFormat: "seconds",
  idHeader: null,
  secretEncoding: "utf8",
} as const satisfies Omit<HmacScheme, "header">;

/** Checks a scheme that somebody set. */
export function parseHmacScheme(scheme: HmacScheme): Result<SignatureScheme> {
  const parsed = parseTemplate(scheme.template);
  if (!parsed.ok) return parsed;
  if (scheme.template.includes("{timestamp}") && scheme.timestampHeader === null && scheme.timestampPrefix === null)
    return refuse("PARAMS_INVALID", "The template has {timestamp}, and no header is named that it stands in.");
  if (scheme.template.includes("{id}") && scheme.idHeader === null)
    return refuse("PARAMS_INVALID", "The template has {id}, and no header is named that it stands in.");
  if (scheme.timestampPrefix !== null && scheme.separator === null)
    return refuse("PARAMS_INVALID", "The time stands beside the signature, and nothing is named that parts them.");
  // A time that is not signed proves nothing: anybody could write it.
  const timestampHeader = scheme.template.includes("{timestamp}") ? scheme.timestampHeader : null;
  const toKey = (secret: string, encoding = scheme.secretEncoding): ReturnType<SignatureScheme["toKey"]> => {
    const bytes = encoding === "utf8" ? Buffer.from(secret) : decodeStrictly(secret, encoding);
    return bytes && createHmacKey(scheme.prefix, scheme.algorithm, scheme.encoding, bytes);
  };
  return accept(
    createHeaderScheme({ ...scheme, timestampHeader, prefixes: [scheme.prefix], shape: shapeOf(scheme) }, parsed.value, {
      toKey: (secret) => toKey(secret),
      mistakenKeys: (secret) =>
        spellingsOf(secret, scheme.secretEncoding).flatMap(([remedy, text, encoding]) => {
          const key = toKey(text, encoding);
          return key ? [[remedy, key] as const] : [];
        }),
    }),
  );
}

/** A scheme that is part of the program: what differs from the usual. */
export function hmac(differs: Partial<HmacScheme> & Pick<HmacScheme, "header">): SignatureScheme {
  const scheme = parseHmacScheme({ ...USUAL, ...differs });
  if (!scheme.ok) throw new Error(scheme.refusal.message);
  return scheme.value;
}

type Spelling = readonly [remedy: string, text: string, encoding: HmacScheme["secretEncoding"]];

/** How secrets get spoilt when they are copied, and what else their text may stand for. */
function spellingsOf(secret: string, encoding: HmacScheme["secretEncoding"]): Spelling[] {
  const trimmed = secret.trim();
  const bare = trimmed.replace(/^(["'`])(.*)\1$/s, "$2");
  const texts: (readonly [string, string])[] = [
    ["without the blanks around it", trimmed],
    ["without its quotation marks", bare],
    ["without what stands before its first _", bare.replace(/^[a-z]+_/, "")],
  ];
  const spellings: Spelling[] = texts.flatMap(([remedy, text]) =>
    text === secret || text === "" ? [] : [[remedy, text, encoding] as const],
  );
  if (encoding !== "utf8") spellings.push(["taken as plain text", secret, "utf8"]);
  if (encoding !== "base64" && /^[A-Za-z0-9+/]{8,}={0,2}$/.test(bare)) spellings.push(["decoded from base64", bare, "base64"]);
  if (encoding !== "hex" && /^([0-9a-f]{2}){4,}$/i.test(bare)) spellings.push(["decoded from hex", bare, "hex"]);
  return spellings;
}
