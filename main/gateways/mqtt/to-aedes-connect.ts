import { generate, type IConnectPacket } from "mqtt-packet";
import { NEVER_EXPIRES } from "./session.ts";
import type { ConnectPacket } from "./wire/parse-connect.ts";

/**
 * The CONNECT that aedes is given: what was checked, without what is not its business. Keep-alive is watched by the
 * connection, which sees every packet; the client identifier is settled; flow control is the session's; who may connect
 * is asked with what the connection has read.
 */
export function toAedesConnect(connect: ConnectPacket, clientId: string, expirySeconds: number): Buffer {
  const { level, clean, will } = connect;
  const packet: IConnectPacket = {
    cmd: "connect",
    protocolId: level === 3 ? "MQIsdp" : "MQTT",
    protocolVersion: level,
    clientId,
    clean,
    keepalive: 0,
  };
  if (level === 5) packet.properties = { sessionExpiryInterval: Math.min(expirySeconds, NEVER_EXPIRES) };
  if (will !== null) {
    packet.will = { topic: will.topic, payload: will.payload, qos: will.qos, retain: will.retain };
    if (level === 5) {
      const { properties: from } = will;
      const properties: NonNullable<NonNullable<IConnectPacket["will"]>["properties"]> = {};
      if (from.willDelaySeconds !== undefined) properties.willDelayInterval = from.willDelaySeconds;
      if (from.payloadFormat !== undefined) properties.payloadFormatIndicator = from.payloadFormat === 1;
      if (from.messageExpirySeconds !== undefined) properties.messageExpiryInterval = from.messageExpirySeconds;
      if (from.contentType !== undefined) properties.contentType = from.contentType;
      if (from.responseTopic !== undefined) properties.responseTopic = from.responseTopic;
      if (from.correlationData !== undefined) properties.correlationData = from.correlationData;
      if (from.userProperties !== undefined) properties.userProperties = groupByName(from.userProperties);
      packet.will.properties = properties;
    }
  }
  return generate(packet, { protocolVersion: level });
}

function groupByName(list: readonly (readonly [string, string])[]): Record<string, string | string[]> {
  const grouped: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of list) {
    const before = grouped[name];
    grouped[name] = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  }
  return grouped;
}
