import { z } from "zod";
import { DELIVERY_STATES, MAX_DELIVERY_PAGE } from "../contract/delivery.ts";
import {
  MAX_CONCURRENCY,
  MAX_ENDPOINT_FILTERS,
  MAX_ENDPOINT_HEADERS,
  MAX_SECRET_OVERLAP_MS,
  MAX_TIMEOUT_MS,
  SIGNATURE_KINDS,
} from "../contract/endpoint.ts";

/** What the calls of endpoints and deliveries take. */

const MAX_URL_CHARS = 2000;
const MAX_HEADER_CHARS = 4000;

const text = (maxChars: number, what: string) => {
  const error = `must be ${what} of at most ${maxChars} characters`;
  return z.string({ error }).max(maxChars, { error });
};
const whole = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};
const flag = () => z.boolean({ error: "must be true or false" });

const name = text(64, "an endpoint's name");
const byName = z.strictObject({ name });
const id = text(20, "a delivery's id");
const time = whole(0, Number.MAX_SAFE_INTEGER).describe("Epoch ms");
const signature = z.enum(SIGNATURE_KINDS, { error: `must be one of ${SIGNATURE_KINDS.join(", ")}` });
const secret = text(200, "a secret");

const header = z.tuple([text(200, "a header's name"), text(MAX_HEADER_CHARS, "a header's value").nullable()], {
  error: "must be a pair of name and value",
});

const filter = {
  endpoint: name.optional(),
  state: z.enum(DELIVERY_STATES, { error: `must be one of ${DELIVERY_STATES.join(", ")}` }).optional(),
  eventId: text(80, "an event's id").optional(),
  from: time.optional(),
  to: time.optional(),
};

export const DELIVERY_SCHEMAS = {
  "endpoints.list": z.strictObject({}),
  "endpoints.get": byName,
  "endpoints.save": z.strictObject({
    name: name.optional(),
    url: text(MAX_URL_CHARS, "an address").optional(),
    description: text(1000, "text").optional(),
    enabled: flag().optional(),
    filters: z
      .array(text(1024, "a topic filter"), { error: "must be a list of topic filters" })
      .min(1, { error: "must have at least one topic filter" })
      .max(MAX_ENDPOINT_FILTERS, { error: `must be a list of at most ${MAX_ENDPOINT_FILTERS} topic filters` })
      .optional(),
    headers: z
      .array(header, { error: "must be a list of pairs" })
      .max(MAX_ENDPOINT_HEADERS, { error: `must be a list of at most ${MAX_ENDPOINT_HEADERS} headers` })
      .optional(),
    concurrency: whole(1, MAX_CONCURRENCY).optional(),
    ratePerSecond: whole(1, 100_000).nullable().optional(),
    ordered: flag().optional(),
    timeoutMs: whole(100, MAX_TIMEOUT_MS).optional(),
    secret: secret.optional(),
    signature: signature.optional(),
    skipMissed: flag().optional(),
  }),
  "endpoints.remove": byName,
  "endpoints.rotateSecret": z.strictObject({
    name,
    signature: signature.optional(),
    secret: secret.optional(),
    overlapMs: whole(0, MAX_SECRET_OVERLAP_MS).optional(),
  }),
  "endpoints.test": byName,
  "deliveries.list": z.strictObject({ ...filter, before: id.optional(), limit: whole(1, MAX_DELIVERY_PAGE).optional() }),
  "deliveries.get": z.strictObject({ id }),
  "deliveries.redeliver": z
    .strictObject({ ...filter, id: id.optional() })
    .refine((wanted) => Object.values(wanted).some((value) => value !== undefined), {
      path: ["id"],
      error: "must be given, or a filter: an endpoint, a state, an event or a time",
    }),
};
