import type { IncomingMessage } from "node:http";
import type { Peer } from "../../access/permissions.ts";
import { accept, refuse, type Result } from "../../contract/errors.ts";
import { topicFault } from "../../contract/topic.ts";
import { decodeRest, parseAfter, parseFilters, pathOf, queryOf } from "../follow-query.ts";
import { SUBPROTOCOLS, type Subprotocol } from "./config.ts";
import type { TopicOptions } from "./topic-session.ts";

/** How a peer wants to talk: in our frames, or in events alone. */
export type Mode = { readonly kind: "json" } | { readonly kind: "topic"; readonly options: TopicOptions };

const TOPIC_PREFIX = "/ws/topic/";

export function isWebSocketPath(target: string): boolean {
  const path = pathOf(target);
  return path === "/ws" || path.startsWith(TOPIC_PREFIX);
}

/** The subprotocols a peer offers (RFC 6455 §4.1), in its order. */
export function offeredProtocols(request: IncomingMessage): readonly string[] {
  const header = request.headers["sec-websocket-protocol"] ?? "";
  return header.split(",").flatMap((name) => (name.trim() === "" ? [] : [name.trim()]));
}

/**
 * The one that is spoken, or null for none. Refuses PARAMS_INVALID when what was offered fits nothing here. The bare payload
 * needs no subprotocol, so names we do not know are passed over (RFC 6455 §4.2.2): libraries for small devices offer their own
 * and do not mind; browsers do, and close.
 */
export function chooseProtocol(request: IncomingMessage): Result<Subprotocol | null> {
  const offered = offeredProtocols(request);
  const isTopic = pathOf(request.url ?? "").startsWith(TOPIC_PREFIX);
  const chosen = SUBPROTOCOLS.find((name) => offered.includes(name) && !(isTopic && name === "signalbox.v1")) ?? null;
  if (chosen !== null || offered.length === 0) return accept(chosen);
  if (isTopic && !offered.some((name) => name === "mqtt" || name === "signalbox.v1")) return accept(null);
  const known = isTopic ? "cloudevents.json, or none for the bare payload" : "signalbox.v1, cloudevents.json and mqtt";
  return refuse("PARAMS_INVALID", `None of the subprotocols that were offered is spoken here; known are ${known}.`);
}

/** Refuses TOPIC_INVALID, TOPIC_FORBIDDEN, PARAMS_INVALID. */
export function parseMode(target: string, protocol: Subprotocol | null, peer: Peer): Result<Mode> {
  const path = pathOf(target);
  const query = queryOf(target);
  const isTopic = path.startsWith(TOPIC_PREFIX);
  if (!isTopic && protocol !== "cloudevents.json") return accept({ kind: "json" });

  const topic = isTopic ? decodeRest(path, TOPIC_PREFIX) : null;
  if (isTopic) {
    const fault = topic === null ? "its percent-encoding is not UTF-8" : topicFault(topic);
    if (topic === null || fault !== null) return refuse("TOPIC_INVALID", `There is no such topic: ${fault}.`);
    if (!peer.mayPublish(topic) && !peer.maySubscribe(topic))
      return refuse("TOPIC_FORBIDDEN", `The key "${peer.key}" does not allow ${topic}.`, { topic });
  }
  const wanted = topic === null ? query.getAll("topic") : peer.maySubscribe(topic) ? [topic] : [];
  const filters = wanted.length === 0 ? accept([]) : parseFilters(wanted, peer);
  if (!filters.ok) return filters;
  const from = query.get("after") ?? "now";
  const after = from === "now" || from === "" ? accept(null) : parseAfter(from);
  if (!after.ok) return after;
  const retain = /^(?:1|true)$/i.test(query.get("retain") ?? "");
  const options = { topic, filters: filters.value, after: after.value, retain, cloudEvents: protocol === "cloudevents.json" };
  return accept({ kind: "topic", options });
}
