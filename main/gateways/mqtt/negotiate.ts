import type { MqttLimits } from "./config.ts";
import { NEVER_EXPIRES } from "./session.ts";
import type { ConnectPacket } from "./wire/parse-connect.ts";
import type { Properties } from "./wire/properties.ts";

/** Largest packet there can be (§2.1.4). */
const MAX_MQTT_PACKET_BYTES = 268_435_460;

/** What is granted of the session's expiry. It ends with the connection at 0; 3.1.1 keeps it for ever unless it is clean (§3.1.2.11.2). */
export function sessionExpiryOf({ level, clean, properties }: ConnectPacket, limits: MqttLimits): number {
  if (level < 5) return clean ? 0 : NEVER_EXPIRES;
  return Math.min(properties.sessionExpirySeconds ?? 0, limits.maxSessionExpirySeconds);
}

/** Seconds between packets of the peer; 0 when it need not send any. MQTT 5 lets the server impose one. */
export function keepAliveOf({ level, keepAliveSeconds: asked }: ConnectPacket, limits: MqttLimits): number {
  const imposed = level === 5 ? limits.serverKeepAliveSeconds : 0;
  return imposed > 0 && (asked === 0 || asked > imposed) ? imposed : asked;
}

/** What CONNACK says of the hub, and of what it grants otherwise than asked. Empty before MQTT 5. */
export function connackPropertiesFor(connect: ConnectPacket, clientId: string, expirySeconds: number, limits: MqttLimits): Properties {
  if (connect.level < 5) return {};
  const properties: Properties = { topicAliasMaximum: limits.topicAliasMaximum, receiveMaximum: limits.maxInflightIn };
  if (limits.maxPacketBytes < MAX_MQTT_PACKET_BYTES) properties.maximumPacketBytes = limits.maxPacketBytes;
  if (connect.clientId === "") properties.assignedClientId = clientId; // [MQTT-3.2.2-16]
  if (expirySeconds !== (connect.properties.sessionExpirySeconds ?? 0)) properties.sessionExpirySeconds = expirySeconds; // §3.2.2.3.2
  const keepAlive = keepAliveOf(connect, limits);
  if (keepAlive !== connect.keepAliveSeconds) properties.serverKeepAlive = keepAlive; // [MQTT-3.2.2-21]
  return properties;
}
