import type { IPublishPacket } from "mqtt";
import type { Bridge } from "../contract/bridge.ts";
import { MAX_HOPS } from "../contract/bridge.ts";
import type { HeaderList } from "../contract/event.ts";
import type { NewEvent } from "../hub/ports.ts";
import { toLocalTopic } from "./map-topic.ts";
import { CAME_BY, HOPS, VIA } from "./trail.ts";

/** The event a message from upstream makes here; null when it must not come in: no route has it, or it has been here before. */
export function fromUpstream(bridge: Bridge, packet: IPublishPacket, logId: string, receivedAt: number): NewEvent | null {
  const topic = toLocalTopic(bridge.subscribe, packet.topic);
  if (topic === null) return null;
  const given = toList(packet.properties?.userProperties ?? {});
  const find = (wanted: string): string | undefined => given.find(([name]) => name === wanted)?.[1];
  const hops = Number(find(HOPS) ?? "1");
  if (find(VIA)?.split(" ").includes(logId) || !(hops >= 0 && hops <= MAX_HOPS)) return null;
  const body = Buffer.from(packet.payload);
  return {
    receivedAt,
    protocol: "mqtt",
    direction: "in",
    source: null,
    topic,
    contentType: packet.properties?.contentType ?? null,
    body,
    size: body.length,
    truncated: false,
    state: "accepted",
    refusal: null,
    verdict: "not-configured",
    verdictCause: null,
    duplicateOfSeq: null,
    retained: packet.retain,
    causeSeq: null,
    traceSeq: null,
    hops,
    head: null,
    qos: packet.qos,
    attributes: [...given.filter(([name]) => name !== CAME_BY && name !== HOPS && !name.startsWith("mqtt:")), [CAME_BY, bridge.name]],
  };
}

function toList(properties: Readonly<Record<string, string | string[]>>): HeaderList {
  return Object.entries(properties).flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value]));
}
