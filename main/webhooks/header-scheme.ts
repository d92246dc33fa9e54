import { randomUUID } from "node:crypto";
import type { Result } from "../contract/errors.ts";
import type { HeaderList } from "../contract/event.ts";
import type { Verification } from "../contract/verification.ts";
import type { HmacScheme, TimestampFormat } from "../contract/webhook-scheme.ts";
import { findHeader, readHeader } from "./read-header.ts";
import { type SignatureTemplate, parseTemplate } from "./signature-template.ts";
import type { Claim, SignatureScheme } from "./signature-scheme.ts";
import { type SignedTime, formatTime, parseTime } from "./signed-time.ts";
import { failed } from "./verdict.ts";

/** Where a signature stands in the headers, and what stands with it. */
export interface HeaderLayout {
  readonly header: string;
  /** What stands before each signature; the one a request is signed anew with comes first. */
  readonly prefixes: readonly string[];
  readonly separator: string | null;
  readonly timestampHeader: string | null;
  readonly timestampPrefix: string | null;
  readonly timestampFormat: TimestampFormat;
  readonly idHeader: string | null;
  /** What a signature looks like; anything else is no wrong signature but none. */
  readonly shape: RegExp;
}

type Keys = Pick<SignatureScheme, "toKey" | "mistakenKeys">;

/** A signature that stands in headers, over what a template says. */
export function createHeaderScheme(layout: HeaderLayout, template: SignatureTemplate, keys: Keys): SignatureScheme {
  const { header, timestampHeader, timestampFormat, idHeader } = layout;
  return {
    ...template,
    header,
    toKey: (secret) => keys.toKey(secret),
    mistakenKeys: (secret) => keys.mistakenKeys(secret),
    readClaim: (request) => readClaim(layout, request.headers),
    writeParts: ({ headers }, now) => ({
      timestamp: timestampHeader !== null || layout.timestampPrefix !== null ? formatTime(now, timestampFormat) : "",
      id: idHeader === null ? "" : findHeader(headers, idHeader) || `msg_${randomUUID().replaceAll("-", "")}`,
    }),
    write(signature, { timestamp, id }) {
      const time = layout.timestampPrefix === null ? "" : `${layout.timestampPrefix}${timestamp}${layout.separator ?? ""}`;
      const headers: [string, string][] = [[header, `${time}${signature}`]];
      if (timestampHeader !== null) headers.push([timestampHeader, timestamp]);
      if (idHeader !== null) headers.push([idHeader, id]);
      return headers;
    },
  };
}

function readClaim(layout: HeaderLayout, headers: HeaderList): Claim | Verification {
  const { header, separator, timestampHeader, timestampPrefix, idHeader } = layout;
  const value = readHeader(headers, header);
  if (typeof value !== "string") return value;
  const entries = separator === null ? [value] : value.split(separator);
  const signatures = entries.flatMap((entry) => {
    const prefix = layout.prefixes.find((one) => entry.startsWith(one));
    return prefix === undefined ? [] : [{ prefix, text: entry.slice(prefix.length) }];
  });
  if (signatures.length === 0)
    return failed("malformed", `${header} holds no signature that begins with ${layout.prefixes.map((one) => `"${one}"`).join(" or ")}.`);
  if (!signatures.some(({ text }) => layout.shape.test(text)))
    return failed("malformed", `What ${header} holds is not a signature: it has the wrong length or characters.`);

  const id = idHeader === null ? "" : readHeader(headers, idHeader);
  if (typeof id !== "string") return id;
  if (timestampHeader === null && timestampPrefix === null) return { signatures, timestamp: "", id, signedAt: null };
  const timestamp = timestampHeader !== null ? readHeader(headers, timestampHeader) : readEntry(layout, entries);
  if (typeof timestamp !== "string") return timestamp;
  const signedAt: SignedTime | null = parseTime(timestamp, layout.timestampFormat);
  if (!signedAt) return failed("malformed", `The time in ${timestampHeader ?? header} cannot be read as ${WORDS[layout.timestampFormat]}.`);
  return { signatures, timestamp, id, signedAt };
}

const WORDS: Readonly<Record<TimestampFormat, string>> = {
  seconds: "seconds since 1970",
  milliseconds: "milliseconds since 1970",
  rfc3339: "a time of RFC 3339",
};

/** The time among a header's entries. Of two nobody knows which one was signed. */
function readEntry({ header, timestampPrefix }: HeaderLayout, entries: readonly string[]): string | Verification {
  const prefix = timestampPrefix ?? "";
  const times = entries.filter((entry) => entry.startsWith(prefix));
  return times.length === 1
    ? times[0]!.slice(prefix.length)
    : failed("malformed", `${header} holds ${times.length} times "${prefix}", not one.`);
}

/** The length of each digest in bytes. */
const DIGEST_BYTES = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 } as const;

export function shapeOf({ algorithm, encoding }: Pick<HmacScheme, "algorithm" | "encoding">): RegExp {
  const bytes = DIGEST_BYTES[algorithm];
  if (encoding === "hex") return new RegExp(`^[0-9a-f]{${bytes * 2}}$`);
  const chars = Math.ceil((bytes * 4) / 3);
  return encoding === "base64url" ? new RegExp(`^[\\w-]{${chars}}$`) : new RegExp(`^[A-Za-z0-9+/]{${chars}}={${(3 - (bytes % 3)) % 3}}$`);
}

/** The template of a scheme that is part of the program. */
export function template(text: string): SignatureTemplate {
  const parsed: Result<SignatureTemplate> = parseTemplate(text);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  return parsed.value;
}
