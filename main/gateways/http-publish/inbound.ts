import { isUtf8 } from "node:buffer";
import { accept, refuse, type Result } from "../../contract/errors.ts";
import type { HeaderList } from "../../contract/event.ts";
import { topicFault } from "../../contract/topic.ts";
import type { NewEvent, RequestHead } from "../../hub/ports.ts";
import {
  parseCloudEvent,
  parseCloudEventBatch,
  parseCloudEventHeaders,
  toCloudEventHeaders,
  type CloudEventParts,
} from "../cloud-event.ts";
import { withoutCredentials, withoutKeyParam } from "../credentials.ts";
import { bufferOf } from "../event-json.ts";
import { decodeRest, pathOf, queryOf } from "../follow-query.ts";
import type { HttpExchange } from "../http-listener.ts";
import { toNewEvent } from "../new-event.ts";

export const MAX_BATCH_EVENTS = 1000;

/** Where a request publishes to, and how. */
export interface PublishTarget {
  readonly topic: string;
  readonly retained: boolean;
  readonly qos: 0 | 1 | 2 | undefined;
}

export function isPublishPath(path: string): boolean {
  return path.startsWith("/publish/") || path === "/publish" || path.startsWith("/publish?");
}

/** Refuses NOT_FOUND, TOPIC_INVALID, PARAMS_INVALID. */
export function parseTarget(target: string): Result<PublishTarget> {
  const path = pathOf(target);
  if (path === "/publish" || path === "/publish/")
    return refuse("NOT_FOUND", "A publication's address names its topic: /publish/<topic>, for example /publish/sensors/kitchen.");
  const topic = decodeRest(path, "/publish/");
  const fault = topic === null ? "its percent-encoding is not UTF-8" : topicFault(topic);
  if (topic === null || fault !== null) return refuse("TOPIC_INVALID", `Nothing can be published there: ${fault}.`);
  const query = queryOf(target);
  const retain = query.get("retain");
  if (retain !== null && !/^(?:1|0|true|false|)$/i.test(retain))
    return refuse("PARAMS_INVALID", `"retain" is 1 or 0; "${retain.slice(0, 40)}" is neither.`);
  const qos = query.get("qos");
  if (qos !== null && !/^[012]$/.test(qos)) return refuse("PARAMS_INVALID", `"qos" is 0, 1 or 2; "${qos.slice(0, 40)}" is none of them.`);
  return accept({
    topic,
    retained: retain !== null && !/^(?:0|false)$/i.test(retain),
    qos: qos === null ? undefined : (Number(qos) as 0 | 1 | 2),
  });
}

/** What a body publishes. `batch`: the sender is answered with a list. */
export interface Publications {
  readonly events: readonly NewEvent[];
  readonly batch: boolean;
}

/** By its content type one event, a CloudEvent in an envelope, or many. Refuses PARAMS_INVALID. */
export function toPublications(exchange: HttpExchange, target: PublishTarget, receivedAt: number, bytes: Uint8Array): Result<Publications> {
  const { contentType, headers } = exchange.head;
  const common = { receivedAt, protocol: "http", topic: target.topic, retained: target.retained } as const;
  const qos = target.qos === undefined ? {} : { qos: target.qos };
  const fromCloudEvent = ({ attributes, contentType, body }: CloudEventParts): NewEvent =>
    toNewEvent({ ...common, ...qos, contentType, body, head: toHead(exchange, toCloudEventHeaders(attributes)) });

  const mode = /^application\/cloudevents(-batch)?(?:\+|;|\s|$)/i.exec(contentType ?? "");
  if (mode) {
    const text = bufferOf(bytes);
    if (!isUtf8(text)) return refuse("PARAMS_INVALID", "CloudEvents in JSON are UTF-8.");
    if (!/\+json\s*(?:;|$)/i.test(contentType ?? ""))
      return refuse("PARAMS_INVALID", "Of the structured formats of CloudEvents only JSON is understood.");
    if (mode[1] === undefined) {
      const event = parseCloudEvent(text.toString("utf8"));
      return event.ok ? accept({ events: [fromCloudEvent(event.value)], batch: false }) : event;
    }
    const events = parseCloudEventBatch(text.toString("utf8"), MAX_BATCH_EVENTS);
    return events.ok ? accept({ events: events.value.map(fromCloudEvent), batch: true }) : events;
  }
  const attributes = parseCloudEventHeaders(headers);
  if (!attributes.ok) return attributes;
  return accept({ events: [toNewEvent({ ...common, ...qos, contentType, body: bytes, head: toHead(exchange, []) })], batch: false });
}

/** Without what proves who the sender is. */
function toHead(exchange: HttpExchange, extra: HeaderList): RequestHead {
  const { request, head, path } = exchange;
  const target = withoutKeyParam(request.url ?? path);
  const headers = withoutCredentials(head.headers);
  return {
    method: request.method ?? "",
    target,
    httpVersion: request.httpVersion,
    headers: extra.length === 0 ? headers : [...headers, ...extra],
    trailers: exchange.trailers,
    remoteAddress: exchange.sender,
    publicUrl: withoutKeyParam(exchange.publicUrl),
    status: 201,
  };
}
