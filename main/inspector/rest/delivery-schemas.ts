import { z } from "zod";
import { ATTEMPT_CAUSES, DELIVERY_STATES, type AttemptCause } from "../../contract/delivery.ts";
import { CIRCUITS, SIGNATURE_KINDS } from "../../contract/endpoint.ts";

/** What is told of endpoints and deliveries. */

const count = z.int().min(0);
const time = count.describe("Epoch ms");
const headerList = z.array(z.tuple([z.string(), z.string()]));
const cause = z
  .enum(Object.keys(ATTEMPT_CAUSES) as AttemptCause[])
  .nullable()
  .describe("Why the last attempt failed");

export const endpointInfo = z.object({
  name: z.string(),
  url: z.string(),
  description: z.string(),
  enabled: z.boolean().describe("Events wait in the log for one that is switched off"),
  filters: z.array(z.string()).describe("Topic filters of the events it is owed"),
  concurrency: count,
  ratePerSecond: count.nullable(),
  ordered: z.boolean(),
  timeoutMs: count,
  createdAt: time,
  disabledReason: z.string().nullable().describe("Why the hub switched it off"),
  headers: z.array(z.tuple([z.string(), z.string().nullable()])).describe("Values that may be secret are null"),
  secrets: z
    .array(
      z.object({
        kind: z.enum(SIGNATURE_KINDS),
        createdAt: time,
        expiresAt: time.nullable().describe("Of one that was replaced"),
        publicKey: z.string().nullable().describe("whpk_, of an ed25519 key"),
      }),
    )
    .describe("Deliveries are signed with each of them"),
  health: z.object({
    circuit: z.enum(CIRCUITS),
    pausedUntil: time.nullable(),
    inFlight: count,
    waiting: count.describe("Deliveries that wait for another attempt, or for their turn"),
    behind: count.describe("Events of the log still to be looked at"),
    succeeded: count,
    failed: count,
    lastSuccessAt: time.nullable(),
    lastFailure: z.object({ at: time, message: z.string() }).nullable(),
  }),
});

export const endpointSaved = endpointInfo.extend({ secret: z.string().nullable().describe("A new one: told here and never again") });

export const deliveryInfo = z.object({
  id: z.string(),
  endpoint: z.string(),
  eventId: z.string().describe("Also the webhook-id of every attempt"),
  seq: count,
  topic: z.string().nullable(),
  state: z.enum(DELIVERY_STATES),
  attempts: count,
  createdAt: time,
  changedAt: time,
  nextAttemptAt: time.nullable(),
  redeliveryOf: z.string().nullable(),
  status: count.nullable(),
  cause,
});

export const deliveryDetail = deliveryInfo.extend({
  attemptList: z.array(
    z.object({
      attempt: count,
      startedAt: time,
      tookMs: count.nullable(),
      status: count.nullable(),
      cause,
      message: z.string().nullable(),
      headers: headerList,
      base64: z.string().describe("The answer's body, at most 64 KiB of it"),
      truncated: z.boolean(),
    }),
  ),
});

export const deliveryPage = z.object({
  deliveries: z.array(deliveryInfo).describe("Newest first"),
  cursor: z.string().nullable().describe("Give it as `before` to go on; null at the end"),
});

export const redelivered = z.object({ count, ids: z.array(z.string()), more: z.boolean() });

export const DELIVERY_RESULTS = {
  "endpoints.list": z.object({ endpoints: z.array(endpointInfo) }),
  "endpoints.get": endpointInfo,
  "endpoints.save": endpointSaved,
  "endpoints.remove": z.object({}),
  "endpoints.rotateSecret": endpointSaved,
  "endpoints.test": z.object({
    succeeded: z.boolean(),
    tookMs: count,
    status: count.nullable(),
    message: z.string().nullable(),
    headers: headerList,
    base64: z.string(),
  }),
  "deliveries.list": deliveryPage,
  "deliveries.get": deliveryDetail,
  "deliveries.redeliver": redelivered,
};
