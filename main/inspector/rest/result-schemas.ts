import { z } from "zod";
import type { CallName, CallResult } from "../../contract/calls.ts";
import { ERRORS, type ErrorCode } from "../../contract/errors.ts";
import { DIRECTIONS, EVENT_STATES, PROTOCOLS, VERDICTS } from "../../contract/event.ts";
import { LISTENER_NAMES } from "../../contract/listener.ts";
import { RECORD_POLICIES } from "../../contract/settings.ts";
import {
  DELIVERY_RESULTS,
  deliveryDetail,
  deliveryInfo,
  deliveryPage,
  endpointInfo,
  endpointSaved,
  redelivered,
} from "./delivery-schemas.ts";
import { TUNNEL_RESULTS, tunnelHealth, tunnelInfo, tunnelList } from "./tunnel-schemas.ts";
import { detectedProvider, providerInfo, sourceInfo } from "./source-schemas.ts";

/** What each call answers, for the OpenAPI document; the compiler and a test hold them to the contract. */

const count = z.int().min(0);
const time = count.describe("Epoch ms");
const headerList = z.array(z.tuple([z.string(), z.string()])).describe("Header lines as they came: order, case and duplicates kept");
const errorCode = z.enum(Object.keys(ERRORS) as ErrorCode[]);

const eventSummary = z.object({
  seq: count.describe("Position in the log: strictly increasing, never reused"),
  id: z.string(),
  time,
  protocol: z.enum(PROTOCOLS),
  direction: z.enum(DIRECTIONS),
  source: z.string().nullable(),
  topic: z.string(),
  contentType: z.string().nullable(),
  size: count.describe("Bytes of the body as sent"),
  method: z.string().nullable(),
  path: z.string().nullable(),
  status: count.nullable(),
  state: z.enum(EVENT_STATES),
  refusal: errorCode.nullable(),
  truncated: z.boolean(),
  verdict: z.enum(VERDICTS),
  verdictCause: z.string().nullable(),
  duplicateOf: z.string().nullable(),
  traceId: z.string(),
  causeId: z.string().nullable(),
  hops: count,
  retained: z.boolean(),
  pinned: z.literal(true).exactOptional().describe("Never removed from the log"),
  preview: z.string().nullable(),
  headers: headerList.exactOptional(),
});

const webhookDetail = z.object({
  detected: detectedProvider.nullable().describe("Which provider it looks like, where its source had none"),
  ackMs: z.number().min(0).nullable().describe("How long its sender waited for the answer"),
  budgetMs: count.nullable().describe("How long the provider would have waited"),
});

const eventDetail = eventSummary.extend({
  headers: headerList,
  trailers: headerList,
  query: z.string().nullable(),
  httpVersion: z.string().nullable(),
  remoteAddress: z.string().nullable(),
  publicUrl: z.string().nullable(),
  storedBytes: count,
  sha256: z.string().describe("Lower-case hex SHA-256 of the stored body"),
  verdictMessage: z.string().exactOptional().describe("The verdict's cause in a sentence"),
  webhook: webhookDetail.exactOptional(),
});

const retention = z.object({
  keepForMs: count.nullable(),
  keepEvents: count.nullable(),
  keepBytes: count.nullable().describe("Bytes in use within the log's file"),
});

const settings = z.object({
  retention,
  record: z.array(z.object({ filter: z.string(), policy: z.enum(RECORD_POLICIES) })).describe("The first rule that matches decides"),
  changed: z.boolean().describe("Changed at run time: no longer what the settings file says"),
});

const logStatus = z.object({
  state: z.enum(["opening", "open", "full", "failed", "damaged", "closed"]),
  reason: z.string().nullable(),
  id: z.string(),
  schemaVersion: count.exactOptional(),
  firstSeq: count,
  lastSeq: count,
  events: count.describe("How many are kept"),
  retention,
  fileBytes: count,
  reusableBytes: count.describe("Of these, left by removed events and used again by later ones"),
  walBytes: count,
  indexBytes: count,
  indexLag: count,
  queued: count,
  diskFreeBytes: count.nullable(),
});

const bridgeRoutes = z.array(z.object({ filter: z.string(), localPrefix: z.string(), remotePrefix: z.string() }));

const bridgeInfo = z.object({
  name: z.string(),
  url: z.string(),
  version: z.union([z.literal(4), z.literal(5)]),
  username: z.string().nullable(),
  ca: z.string().nullable(),
  subscribe: bridgeRoutes,
  publish: bridgeRoutes,
  hasPassword: z.boolean(),
  fromFile: z.boolean(),
});

const bridgeStatus = z.object({
  name: z.string(),
  url: z.string(),
  state: z.enum(["connecting", "connected", "waiting", "stopped"]),
  reason: z.string().nullable(),
  received: count,
  sent: count,
  refused: count,
  behind: count.describe("Events of the log still to be looked at for the upstream"),
});

const hubStatus = z.object({
  version: z.string(),
  pid: count,
  startedAt: time,
  now: time,
  dataFolder: z.string(),
  listeners: z.array(z.object({ name: z.enum(LISTENER_NAMES), url: z.string(), setting: z.string() })),
  certificate: z
    .object({ fingerprint: z.string().describe("SHA-256"), validUntilAt: time })
    .nullable()
    .exactOptional(),
  log: logStatus,
  bridges: z.array(bridgeStatus).exactOptional(),
  rate: z.object({ accepted: z.number(), refused: z.number() }).describe("Events in the last second"),
  memoryBytes: count,
  limits: z.object({ maxBodyBytes: count }),
});

const eventPage = z.object({
  events: z.array(eventSummary),
  cursor: count.describe("Give it as `after` (or `before`) to go on in the same direction"),
  last: count.describe("The newest seq in the log when the page was read"),
  more: z.boolean(),
});

const flow = z.object({ count, perSecond: z.number().min(0) });

const sessionInfo = z.object({
  id: z.string().describe("Unique in this run of the hub"),
  name: z.string(),
  protocol: z.enum(PROTOCOLS),
  version: z.string().nullable(),
  connected: z.boolean().describe("False for an MQTT session that is kept while its peer is away"),
  remoteAddress: z.string(),
  key: z.string().nullable(),
  connectedAt: time,
  received: flow,
  sent: flow,
  queuedEvents: count,
  queuedBytes: count,
  subscriptions: z.array(z.string()),
  subscriptionCount: count,
  topics: z.array(z.string()).describe("Topics it published to lately"),
  will: z
    .object({ topic: z.string(), qos: z.union([z.literal(0), z.literal(1), z.literal(2)]), retain: z.boolean(), sizeBytes: count })
    .nullable(),
});

const keyInfo = z.object({
  name: z.string(),
  createdAt: time,
  expiresAt: time.nullable(),
  enabled: z.boolean(),
  lastUsedAt: time.nullable().describe("Since the hub started"),
  publish: z.array(z.string()),
  subscribe: z.array(z.string()),
});

const listenerInfo = z.object({
  name: z.enum(LISTENER_NAMES),
  state: z.enum(["listening", "off", "failed"]),
  reason: z.string().nullable().describe("Why it has failed"),
  address: z.string().nullable().describe("What is asked for; null when it is off"),
  configured: z.string().nullable().describe("What the settings file asks for"),
  changed: z.boolean().describe("Set at run time, instead of what the settings file says"),
  url: z.string().nullable().describe("How this machine reaches it"),
  hosts: z.array(z.string()).describe("The addresses it has for others"),
  tls: z.boolean(),
  connections: count,
});
const listenerSaved = listenerInfo.extend({ login: z.string().nullable().describe("For the inspector when it has moved: opens it, once") });

const tlsInfo = z.object({
  certificate: z
    .object({
      subject: z.string(),
      issuer: z.string(),
      names: z.array(z.string()),
      fingerprint: z.string().describe("SHA-256"),
      validFromAt: time,
      validUntilAt: time,
      own: z.boolean().describe("Given by the settings tls-cert and tls-key"),
      pem: z.string(),
    })
    .nullable(),
  warning: z.string().nullable(),
});

const topicNode = z.object({
  name: z.string(),
  topic: z.string(),
  isTopic: z.boolean(),
  below: count.describe("Topics below it, counted to 1000"),
  count: count.describe("Events on it and below since the hub started"),
  perSecond: z.number().min(0),
  lastSeq: count,
  lastAt: time.nullable(),
  preview: z.string().nullable(),
  retained: z.boolean(),
  retainedId: z.string().nullable(),
});

const topicLine = topicNode.extend({
  recent: z
    .object({ field: z.string().describe("A JSON pointer (RFC 6901)"), values: z.array(z.number()).describe("Oldest first") })
    .nullable(),
});

const savedPayload = z.object({
  name: z.string(),
  topic: z.string(),
  payload: z.string(),
  encoding: z.enum(["utf8", "base64"]),
  contentType: z.string().nullable(),
  retain: z.boolean(),
  qos: z.union([z.literal(0), z.literal(1), z.literal(2)]).nullable(),
});

const topicHistory = z.object({
  from: time,
  to: time,
  bucketMs: z.number(),
  fields: z.array(z.string()).describe("JSON pointers (RFC 6901) of the newest event's numeric fields"),
  field: z.string().nullable(),
  points: z.array(z.object({ at: time, min: z.number(), max: z.number(), avg: z.number(), count })),
  complete: z.boolean(),
  knownFrom: time,
});

export const RESULT_SCHEMAS = {
  "hub.status": hubStatus,
  "events.query": eventPage,
  "events.get": eventDetail,
  "events.body": z.object({ base64: z.string(), offset: count, storedBytes: count }),
  "events.timeline": z.object({ from: time, to: time, counts: z.array(count), complete: z.boolean(), countedFrom: time }),
  "events.publish": z.object({ id: z.string(), seq: count }),
  "events.pin": z.object({}),
  "payloads.list": z.object({ payloads: z.array(savedPayload) }),
  "payloads.save": savedPayload,
  "payloads.remove": z.object({}),
  "bridges.list": z.object({ bridges: z.array(bridgeInfo) }),
  "bridges.save": bridgeInfo,
  "bridges.remove": z.object({}),
  "settings.get": settings,
  "settings.save": settings,
  "settings.reset": settings,
  "sources.list": z.object({ sources: z.array(sourceInfo) }),
  "sources.save": sourceInfo,
  "sources.remove": z.object({}),
  "sources.addSecret": sourceInfo,
  "sources.rotateSecret": sourceInfo,
  "sources.removeSecret": sourceInfo,
  "providers.list": z.object({ providers: z.array(providerInfo) }),
  "topics.list": z.object({ topics: z.array(z.object({ topic: z.string(), lastSeq: count })), more: z.boolean() }),
  "topics.tree": z.object({ parent: z.string().nullable(), nodes: z.array(topicNode), more: z.boolean() }),
  "topics.nodes": z.object({ nodes: z.array(topicLine), known: count.describe("How many topics the log knows") }),
  "topics.history": topicHistory,
  "topics.clearRetained": z.object({ id: z.string(), seq: count }),
  "sessions.list": z.object({ sessions: z.array(sessionInfo), total: count }),
  "sessions.disconnect": z.object({}),
  "keys.list": z.object({ keys: z.array(keyInfo) }),
  "keys.add": keyInfo.extend({ secret: z.string().describe("Told here and never again") }),
  "keys.enable": keyInfo,
  "keys.revoke": z.object({}),
  "listeners.list": z.object({ listeners: z.array(listenerInfo) }),
  "listeners.save": listenerSaved,
  "listeners.reset": listenerSaved,
  ...TUNNEL_RESULTS,
  ...DELIVERY_RESULTS,
  "tls.get": tlsInfo,
  "tls.renew": tlsInfo,
} satisfies { [N in CallName]: z.ZodType<CallResult<N>> };

export const errorAnswer = z.object({
  error: z.object({ code: errorCode, message: z.string(), details: z.record(z.string(), z.unknown()) }),
});

/** The names under which the document keeps them. */
export const COMPONENTS: Readonly<Record<string, z.ZodType>> = {
  EventSummary: eventSummary,
  EventDetail: eventDetail,
  EventPage: eventPage,
  Timeline: RESULT_SCHEMAS["events.timeline"],
  Published: RESULT_SCHEMAS["events.publish"],
  Source: sourceInfo,
  Sources: RESULT_SCHEMAS["sources.list"],
  Providers: RESULT_SCHEMAS["providers.list"],
  Topics: RESULT_SCHEMAS["topics.list"],
  TopicTree: RESULT_SCHEMAS["topics.tree"],
  TopicLines: RESULT_SCHEMAS["topics.nodes"],
  TopicHistory: topicHistory,
  SavedPayload: savedPayload,
  SavedPayloads: RESULT_SCHEMAS["payloads.list"],
  Sessions: RESULT_SCHEMAS["sessions.list"],
  Keys: RESULT_SCHEMAS["keys.list"],
  NewKey: RESULT_SCHEMAS["keys.add"],
  Settings: settings,
  Listeners: RESULT_SCHEMAS["listeners.list"],
  Listener: listenerSaved,
  Tls: tlsInfo,
  Endpoints: DELIVERY_RESULTS["endpoints.list"],
  Endpoint: endpointInfo,
  EndpointSaved: endpointSaved,
  Deliveries: deliveryPage,
  Delivery: deliveryDetail,
  DeliveryInfo: deliveryInfo,
  Redelivered: redelivered,
  Tunnels: tunnelList,
  Tunnel: tunnelInfo,
  TunnelHealth: tunnelHealth,
  HubStatus: hubStatus,
  Error: errorAnswer,
};
