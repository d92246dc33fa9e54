import { containsText, type Filter, type FilterTerm } from "../../main/contract/filter.ts";
import type { Protocol } from "../../main/contract/event.ts";
import type { SessionEvent } from "../../main/contract/session.ts";
import type { Lamp } from "./lamp.ts";

export const SESSION_LAMPS: Readonly<Record<SessionEvent["kind"], Lamp>> = { connected: "green", disconnected: "dark", refused: "red" };

/** `connected`, `left: it said goodbye`, `was turned away 12 times: This key is unknown…`. */
export function toSessionWords({ kind, reason, count }: Pick<SessionEvent, "kind" | "reason" | "count">): string {
  if (kind === "connected") return "connected";
  const what = kind === "disconnected" ? "left" : count === 1 ? "was turned away" : `was turned away ${count} times`;
  return reason === null ? what : `${what}: ${reason}`;
}

/** Does the Events page's filter let it through? A session event has no topic, source, size and the like: what asks for those leaves it out. */
export function passesSessionEvent(filter: Filter, event: SessionEvent): boolean {
  return filter.every((term) => passesTerm(term, event) !== term.not);
}

function passesTerm(term: FilterTerm, event: SessionEvent): boolean {
  switch (term.field) {
    case "protocol":
      return term.values.includes(event.protocol);
    case "after":
      return event.at >= term.at;
    case "before":
      return event.at < term.at;
    case "state":
      return event.kind === "refused" && term.values.includes("refused");
    case "text":
      return containsText(term, [event.name, event.remoteAddress, event.key ?? "", event.kind, event.reason ?? ""].join(" "));
    default:
      return false;
  }
}

const PROTOCOL_WORDS: Readonly<Record<Protocol, string>> = {
  webhook: "webhooks",
  http: "HTTP",
  websocket: "WebSocket",
  mqtt: "MQTT",
  sse: "SSE",
  "long-poll": "long polling",
  "socket-io": "Socket.IO",
  hub: "the hub itself",
};

/** `MQTT 5`, `WebSocket (plain)`, `SSE`. */
export function toVersionWords({ protocol, version }: { readonly protocol: Protocol; readonly version: string | null }): string {
  const words = PROTOCOL_WORDS[protocol];
  if (version === null) return words;
  return protocol === "mqtt" ? `${words} ${version}` : `${words} (${version})`;
}
