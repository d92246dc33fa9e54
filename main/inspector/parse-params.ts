import { z } from "zod";
import { MAX_CHUNK_BYTES, MAX_PAGE, type CallName, type CallParams } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { FeedName, FeedParams } from "../contract/feeds.ts";
import { MAX_ROUTES } from "../contract/bridge.ts";
import { LISTENER_NAMES } from "../contract/listener.ts";
import { LEAST_KEPT, MAX_RECORD_RULES, RECORD_POLICIES } from "../contract/settings.ts";
import { MAX_PAYLOAD_NAME_CHARS, MAX_SAVED_PAYLOAD_CHARS } from "../contract/payload.ts";
import { MAX_SESSIONS } from "../contract/session.ts";
import { MAX_LINES, MAX_RECENT_VALUES } from "../contract/topic-view.ts";
import { DELIVERY_SCHEMAS } from "./delivery-params.ts";
import { TUNNEL_SCHEMAS } from "./tunnel-params.ts";
import { SOURCE_SCHEMAS } from "./source-params.ts";

const MAX_FILTER_CHARS = 2000;
const MAX_BUCKETS = 500;
const MAX_KEY_FILTERS = 100;

const whole = (min: number, max: number = Number.MAX_SAFE_INTEGER) => {
  const error = max === Number.MAX_SAFE_INTEGER ? `must be a whole number from ${min}` : `must be a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};
const text = (maxChars: number, what = "text") => {
  const error = `must be ${what} of at most ${maxChars} characters`;
  return z.string({ error }).max(maxChars, { error });
};
const flag = () => z.boolean({ error: "must be true or false" });

const seq = whole(0);
const eventId = text(80, "an event's id").min(1, { error: "must be an event's id" });
const filter = text(MAX_FILTER_CHARS, "a filter line");
const time = whole(0).describe("Epoch ms");
/** Printable, so that it can be said again in a header. */
const contentType = text(256, "a media type").regex(/^[\u0020-\u007e]*$/, { error: "must be a media type in printable ASCII" });

const keyName = text(64, "a key's name");
const keyFilters = z
  .array(text(1024, "a topic filter"), { error: "must be a list of topic filters" })
  .max(MAX_KEY_FILTERS, { error: `must be a list of at most ${MAX_KEY_FILTERS} topic filters` });

const listenerName = z.enum(LISTENER_NAMES, { error: `must be one of ${LISTENER_NAMES.join(", ")}` });

const payloadName = text(MAX_PAYLOAD_NAME_CHARS, "a name").min(1, { error: "must be a name" });
const qos = z.union([z.literal(0), z.literal(1), z.literal(2)], { error: "must be 0, 1 or 2" });

const recordRule = z.strictObject(
  {
    filter: text(1024, "a topic filter"),
    policy: z.enum(RECORD_POLICIES, { error: `must be one of ${RECORD_POLICIES.join(", ")}` }),
  },
  { error: "must be an object with filter and policy" },
);

const bridgeRoutes = z
  .array(
    z.strictObject({
      filter: text(1024, "a topic filter"),
      localPrefix: text(1024, "a prefix").default(""),
      remotePrefix: text(1024, "a prefix").default(""),
    }),
    { error: "must be a list of routes" },
  )
  .max(MAX_ROUTES, { error: "has too many routes" })
  .default([]);

export const CALL_SCHEMAS = {
  "hub.status": z.strictObject({}),
  "events.query": z
    .strictObject({
      after: seq.optional(),
      before: seq.optional(),
      limit: whole(1, MAX_PAGE).optional(),
      filter: filter.optional(),
      headers: flag().optional(),
    })
    .refine((query) => query.after === undefined || query.before === undefined, {
      path: ["before"],
      error: 'cannot be given together with "after"',
    }),
  "events.get": z.strictObject({ id: eventId }),
  "events.body": z.strictObject({ id: eventId, offset: seq.optional(), length: whole(1, MAX_CHUNK_BYTES).optional() }),
  "events.timeline": z
    .strictObject({ from: time, to: time, buckets: whole(1, MAX_BUCKETS), filter: filter.optional() })
    .refine((span) => span.from < span.to, { path: ["to"], error: 'must be later than "from"' }),
  "events.publish": z.strictObject({
    topic: text(1024, "a topic"),
    payload: z.string({ error: "must be text" }),
    encoding: z.enum(["utf8", "base64"], { error: 'must be "utf8" or "base64"' }).optional(),
    contentType: contentType.optional(),
    retain: flag().optional(),
    qos: qos.optional(),
  }),
  "payloads.list": z.strictObject({}),
  "payloads.save": z.strictObject({
    name: payloadName,
    topic: text(1024, "a topic"),
    payload: text(MAX_SAVED_PAYLOAD_CHARS),
    encoding: z.enum(["utf8", "base64"], { error: 'must be "utf8" or "base64"' }).default("utf8"),
    contentType: contentType.nullable().default(null),
    retain: flag().default(false),
    qos: qos.nullable().default(null),
  }),
  "payloads.remove": z.strictObject({ name: payloadName }),
  "events.pin": z.strictObject({ id: eventId, pinned: flag() }),
  "bridges.list": z.strictObject({}),
  "bridges.save": z.strictObject({
    name: text(64, "a bridge's name"),
    url: text(1000, "an address"),
    version: z.union([z.literal(4), z.literal(5)], { error: "must be 4 or 5" }).default(5),
    username: text(1000).nullable().default(null),
    password: text(1000).nullable().optional(),
    ca: text(100_000, "a certificate in PEM").nullable().default(null),
    subscribe: bridgeRoutes,
    publish: bridgeRoutes,
  }),
  "bridges.remove": z.strictObject({ name: text(64, "a bridge's name") }),
  "settings.get": z.strictObject({}),
  "settings.save": z.strictObject({
    retention: z
      .strictObject({
        keepForMs: whole(LEAST_KEPT.keepForMs).nullable().optional(),
        keepEvents: whole(LEAST_KEPT.keepEvents).nullable().optional(),
        keepBytes: whole(LEAST_KEPT.keepBytes).nullable().optional(),
      })
      .optional(),
    record: z.array(recordRule, { error: "must be a list of rules" }).max(MAX_RECORD_RULES, { error: "has too many rules" }).optional(),
  }),
  "settings.reset": z.strictObject({}),
  ...SOURCE_SCHEMAS,
  "providers.list": z.strictObject({}),
  "topics.list": z.strictObject({
    prefix: text(1024, "the beginning of a topic").optional(),
    search: text(1024).optional(),
    limit: whole(1, 1000).optional(),
  }),
  "topics.tree": z.strictObject({
    parent: text(1024, "a topic").optional(),
    after: text(1024, "a name").optional(),
    limit: whole(1, 1000).optional(),
  }),
  "topics.nodes": z.strictObject({
    topics: z
      .array(text(1024, "a topic"), { error: "must be a list of topics" })
      .max(MAX_LINES, { error: `must be a list of at most ${MAX_LINES} topics` }),
    recent: whole(0, MAX_RECENT_VALUES).optional(),
  }),
  "topics.history": z
    .strictObject({
      topic: text(1024, "a topic"),
      from: time,
      to: time,
      buckets: whole(1, MAX_BUCKETS),
      field: text(300, "a JSON pointer").optional(),
    })
    .refine((span) => span.from < span.to, { path: ["to"], error: 'must be later than "from"' }),
  "topics.clearRetained": z.strictObject({ topic: text(1024, "a topic") }),
  "sessions.list": z.strictObject({ limit: whole(1, MAX_SESSIONS).optional() }),
  "sessions.disconnect": z.strictObject({ id: text(11, "a session's id") }),
  "keys.list": z.strictObject({}),
  "keys.add": z.strictObject({
    name: keyName,
    expiresAt: time.nullable().optional(),
    publish: keyFilters.optional(),
    subscribe: keyFilters.optional(),
  }),
  "keys.enable": z.strictObject({ name: keyName, enabled: flag() }),
  "keys.revoke": z.strictObject({ name: keyName }),
  "listeners.list": z.strictObject({}),
  "listeners.save": z.strictObject({ name: listenerName, address: text(300, "an address like 127.0.0.1:4800").nullable() }),
  "listeners.reset": z.strictObject({ name: listenerName }),
  ...TUNNEL_SCHEMAS,
  ...DELIVERY_SCHEMAS,
  "tls.get": z.strictObject({}),
  "tls.renew": z.strictObject({}),
} satisfies { [N in CallName]: z.ZodType<CallParams<N>> };

export const FEED_SCHEMAS = {
  events: z.strictObject({ after: seq.optional(), filter: filter.optional() }),
  status: z.strictObject({}),
  sessions: z.strictObject({}),
  sessionEvents: z.strictObject({}),
  sessionTraffic: z.strictObject({ id: text(11, "a session's id") }),
  tunnels: z.strictObject({}),
} satisfies { [N in FeedName]: z.ZodType<FeedParams<N>> };

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(CALL_SCHEMAS, name);
}

export function isFeedName(name: string): name is FeedName {
  return Object.hasOwn(FEED_SCHEMAS, name);
}

/** Foreign parameters of a call, checked; left out means none. Refuses with PARAMS_INVALID, naming the parameter. */
export function parseCallParams<N extends CallName>(name: N, params: unknown): Result<CallParams<N>> {
  return parse(CALL_SCHEMAS[name] as z.ZodType<CallParams<N>>, name, params);
}

export function parseFeedParams<N extends FeedName>(name: N, params: unknown): Result<FeedParams<N>> {
  return parse(FEED_SCHEMAS[name] as z.ZodType<FeedParams<N>>, `the feed ${name}`, params);
}

/** Parses with any schema; `of` says in messages what has the parameters. */
export function parse<T>(schema: z.ZodType<T>, of: string, params: unknown): Result<T> {
  const parsed = schema.safeParse(params ?? {});
  if (parsed.success) return accept(parsed.data);
  const issue = parsed.error.issues[0]!;
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const parameter = [path, issue.keys[0]].filter(Boolean).join(".");
    return refuse("PARAMS_INVALID", `There is no parameter "${parameter}" in ${of}. Leave it out.`, { parameter });
  }
  if (path === "") return refuse("PARAMS_INVALID", `The parameters of ${of} must be a JSON object.`);
  return refuse("PARAMS_INVALID", `The parameter "${path}" of ${of} ${issue.message}.`, { parameter: path });
}
