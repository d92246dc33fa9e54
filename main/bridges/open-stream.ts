import { connect as connectTcp, isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { createWebSocketStream, WebSocket } from "ws";
import type { Bridge } from "../contract/bridge.ts";

const PORTS: Readonly<Record<string, number>> = { "mqtt:": 1883, "mqtts:": 8883 };

/** Opens the connection a bridge's MQTT goes over: TCP or TLS, bare or under WebSocket (MQTT 5 §6). Certificates are always checked. */
export function openStream({ url, ca }: Pick<Bridge, "url" | "ca">, timeoutMs: number): Duplex {
  const { protocol, hostname, port } = new URL(url);
  const trust = ca === null ? {} : { ca };
  if (protocol === "ws:" || protocol === "wss:") {
    const socket = new WebSocket(url, ["mqtt"], { ...trust, handshakeTimeout: timeoutMs, perMessageDeflate: false });
    return createWebSocketStream(socket);
  }
  const host = hostname.replace(/^\[|\]$/g, "");
  const address = { host, port: port === "" ? PORTS[protocol]! : Number(port), noDelay: true };
  if (protocol === "mqtt:") return connectTcp(address);
  return connectTls({ ...address, ...trust, ...(isIP(host) === 0 ? { servername: host } : {}) });
}
