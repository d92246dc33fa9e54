import { generate, type IConnectPacket } from "mqtt-packet";
import { NEVER_EXPIRES } from "./session.ts";
import type { ConnectPacket } from "./wire/parse-connect.ts";

/**
 * The CONNECT that aedes is given: what was checked, without what is not its business. Keep-alive is watched by the
 * connection, which sees every packet; the client identifier is settled; flow control is the session's; the will is the
 * gateway's; who may connect is asked with what the connection has read.
 */
export function toAedesConnect(connect: ConnectPacket, clientId: string, isKept: boolean): Buffer {
  const { level, clean } = connect;
  const packet: IConnectPacket = {
    cmd: "connect",
    protocolId: level === 3 ? "MQIsdp" : "MQTT",
    protocolVersion: level,
    clientId,
    clean,
    keepalive: 0,
  };
  // For ever, as far as it is concerned: the sessions' ends are watched by the gateway, which keeps nothing in memory for that.
  if (level === 5) packet.properties = { sessionExpiryInterval: isKept ? NEVER_EXPIRES : 0 };
  return generate(packet, { protocolVersion: level });
}
