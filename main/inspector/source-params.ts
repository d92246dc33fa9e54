import { z } from "zod";
import {
  MAX_ANSWER_DELAY_MS,
  MAX_DEDUPE_WINDOW_MS,
  MAX_OVERLAP_MS,
  MAX_SECRET_CHARS,
  MAX_TOLERANCE_MS,
  SECRET_USES,
  SOURCE_MODES,
} from "../contract/source.ts";
import { HMAC_ALGORITHMS, SECRET_ENCODINGS, SIGNATURE_ENCODINGS, TIMESTAMP_FORMATS } from "../contract/webhook-scheme.ts";

/** What the calls of sources take. What only the hub can judge (a provider, a template) it refuses itself. */

const text = (maxChars: number, what: string) => {
  const error = `must be ${what} of at most ${maxChars} characters`;
  return z.string({ error }).max(maxChars, { error });
};
const ms = (max: number) => {
  const error = `must be a whole number of ms from 0 to ${max}`;
  return z.int({ error }).min(0, { error }).max(max, { error });
};
const oneOf = <const T extends readonly string[]>(values: T) => z.enum(values, { error: `must be one of ${values.join(", ")}` });

const sourceName = text(64, "a source's name");
const secretName = text(64, "a secret's name");
/** Its limits are the hub's: an error of this parser could otherwise tell part of it. */
const secretValue = z
  .string({ error: "must be text" })
  .max(MAX_SECRET_CHARS, { error: `must have at most ${MAX_SECRET_CHARS} characters` });

const NO_STATUS = "must be a whole number from 200 to 599";
const answer = z.strictObject(
  {
    status: z.int({ error: NO_STATUS }).min(200, { error: NO_STATUS }).max(599, { error: NO_STATUS }).exactOptional(),
    headers: z
      .array(z.tuple([z.string(), z.string()], { error: "must be a pair of name and value" }), { error: "must be a list of pairs" })
      .exactOptional(),
    body: z.string({ error: "must be text, or null for the default answer" }).nullable().exactOptional(),
    delayMs: ms(MAX_ANSWER_DELAY_MS).exactOptional(),
  },
  { error: "must be an object with status, headers, body and delayMs, each optional" },
);

const headerName = text(200, "a header's name");
const scheme = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("hmac"),
      algorithm: oneOf(HMAC_ALGORITHMS),
      encoding: oneOf(SIGNATURE_ENCODINGS),
      header: headerName,
      prefix: text(100, "text").default(""),
      separator: text(10, "text").nullable().default(null),
      template: text(1000, "a template").default("{body}"),
      timestampHeader: headerName.nullable().default(null),
      timestampPrefix: text(100, "text").nullable().default(null),
      timestampFormat: oneOf(TIMESTAMP_FORMATS).default("seconds"),
      idHeader: headerName.nullable().default(null),
      secretEncoding: oneOf(SECRET_ENCODINGS).default("utf8"),
    }),
    z.strictObject({ kind: z.literal("basic") }),
    z.strictObject({ kind: z.literal("bearer") }),
    z.strictObject({ kind: z.literal("token"), in: oneOf(["header", "query"]), name: text(200, "a name") }),
  ],
  { error: "must be a scheme: hmac, basic, bearer or token" },
);

export const SOURCE_SCHEMAS = {
  "sources.list": z.strictObject({}),
  "sources.save": z.strictObject({
    name: sourceName,
    answer: answer.optional(),
    provider: text(64, "a provider's id").nullable().optional(),
    scheme: scheme.nullable().optional(),
    mode: oneOf(SOURCE_MODES).optional(),
    public: z.boolean({ error: "must be true or false" }).optional(),
    dedupeWindowMs: ms(MAX_DEDUPE_WINDOW_MS).optional(),
    toleranceMs: ms(MAX_TOLERANCE_MS).nullable().optional(),
  }),
  "sources.remove": z.strictObject({ name: sourceName }),
  "sources.addSecret": z.strictObject({ name: sourceName, secret: secretName, value: secretValue, use: oneOf(SECRET_USES).optional() }),
  "sources.rotateSecret": z.strictObject({
    name: sourceName,
    secret: secretName,
    value: secretValue,
    overlapMs: ms(MAX_OVERLAP_MS).optional(),
  }),
  "sources.removeSecret": z.strictObject({ name: sourceName, secret: secretName }),
};
