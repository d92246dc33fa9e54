import { z } from "zod";
import { SECRET_USES, SOURCE_MODES } from "../../contract/source.ts";
import { HMAC_ALGORITHMS, SECRET_ENCODINGS, SIGNATURE_ENCODINGS, TIMESTAMP_FORMATS } from "../../contract/webhook-scheme.ts";

/** What is told of sources and of the providers of webhooks. */

const count = z.int().min(0);
const time = count.describe("Epoch ms");
const ms = z.number().min(0);

export const detectedProvider = z.object({
  id: z.string(),
  name: z.string(),
  confidence: z.enum(["certain", "likely"]),
});

const scheme = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("hmac"),
    algorithm: z.enum(HMAC_ALGORITHMS),
    encoding: z.enum(SIGNATURE_ENCODINGS),
    header: z.string(),
    prefix: z.string(),
    separator: z.string().nullable(),
    template: z.string(),
    timestampHeader: z.string().nullable(),
    timestampPrefix: z.string().nullable(),
    timestampFormat: z.enum(TIMESTAMP_FORMATS),
    idHeader: z.string().nullable(),
    secretEncoding: z.enum(SECRET_ENCODINGS),
  }),
  z.object({ kind: z.literal("basic") }),
  z.object({ kind: z.literal("bearer") }),
  z.object({ kind: z.literal("token"), in: z.enum(["header", "query"]), name: z.string() }),
]);

export const sourceInfo = z.object({
  name: z.string(),
  createdAt: time,
  answer: z.object({
    status: count,
    headers: z.array(z.tuple([z.string(), z.string()])),
    body: z.string().nullable(),
    delayMs: count,
  }),
  provider: z.string().nullable().describe("A provider's id, or `custom` with a scheme; null: nothing is verified"),
  scheme: scheme.nullable(),
  mode: z.enum(SOURCE_MODES).describe("capture: all is published, labelled; gateway: only what verifies"),
  public: z.boolean().describe("May be reached through a tunnel"),
  dedupeWindowMs: count.describe("For so long a delivery is known again; 0: never"),
  toleranceMs: count.nullable().describe("How far the signed time may be off; null: as far as the provider says"),
  url: z.string(),
  publicUrls: z.array(z.string()).describe("Where it is reached from the internet now, by each tunnel that is open"),
  lastEventAt: time.nullable(),
  secrets: z.array(
    z.object({ name: z.string(), use: z.enum(SECRET_USES), addedAt: time, expiresAt: time.nullable().describe("Good until then") }),
  ),
  detected: detectedProvider.nullable().describe("Which provider its requests look like, where none is set"),
  ack: z
    .object({ count, p50Ms: ms, p99Ms: ms, maxMs: ms, budgetMs: count.nullable(), late: count })
    .nullable()
    .describe("How long senders waited for their answers since the hub started, against what the provider allows"),
});

export const providerInfo = z.object({
  id: z.string(),
  name: z.string(),
  docs: z.string(),
  secret: z.object({
    kind: z.enum(["shared", "token", "public-key", "identifier"]),
    label: z.string(),
    help: z.string(),
    required: z.boolean(),
  }),
  covers: z.array(z.enum(["body", "time", "url", "method", "id"])).describe("What a good signature vouches for"),
  proven: z.boolean(),
  evidence: z.string(),
  toleranceMs: count.nullable(),
  budgetMs: count.nullable().describe("How long it waits for an answer"),
  canSign: z.boolean(),
});
