import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import { refuse } from "../../contract/errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { HttpUpgrade, UpgradeGateway } from "../gateway.ts";
import type { IngressGuard } from "../ingress-guard.ts";
import { sayLastWord } from "../last-word.ts";

export interface MqttUpgradeOptions {
  /** Who may come by way of a web page; keys are asked for in CONNECT. */
  readonly guard: Pick<IngressGuard, "check">;
  readonly clock: Clock;
  readonly maxFrameBytes: number;
  /** Answers how to send the peer away. */
  readonly accept: (socket: Duplex, remoteAddress: string) => () => void;
}

/** "mqttv3.1" is what clients of 3.1 say. */
const SUBPROTOCOLS = ["mqtt", "mqttv3.1"] as const;
const UNSUPPORTED_DATA = 1003;

/** MQTT over WebSocket (MQTT 5 §6): `/mqtt`, and `/ws` when the subprotocol `mqtt` is offered. */
export function createMqttUpgrade({ guard, clock, maxFrameBytes, accept }: MqttUpgradeOptions): UpgradeGateway {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxFrameBytes,
    handleProtocols: (offered) => SUBPROTOCOLS.find((name) => offered.has(name)) ?? false, // [MQTT-6.0.0-4]
  });

  const open = new Set<() => void>();

  function take({ request, socket, head, remoteAddress }: HttpUpgrade): void {
    const foreign = guard.check(request);
    if (foreign) return sayLastWord(socket, foreign, clock);
    if (!offersMqtt(request)) {
      const { refusal } = refuse("PARAMS_INVALID", "MQTT over WebSocket needs the subprotocol: offer Sec-WebSocket-Protocol: mqtt."); // [MQTT-6.0.0-3]
      return sayLastWord(socket, refusal, clock);
    }
    server.handleUpgrade(request, socket, head, (peer) => {
      // [MQTT-6.0.0-1]: binary frames only, or the connection is closed.
      peer.on("message", (_, isBinary) => (isBinary ? undefined : peer.close(UNSUPPORTED_DATA)));
      const sendAway = accept(createWebSocketStream(peer), remoteAddress);
      open.add(sendAway);
      peer.once("close", () => open.delete(sendAway));
    });
  }

  return {
    name: "mqtt-websocket",
    takesUpgrade(request) {
      if ((request.headers.upgrade ?? "").toLowerCase() !== "websocket") return false;
      const [path] = (request.url ?? "").split("?", 1);
      return path === "/mqtt" || (path === "/ws" && offersMqtt(request));
    },
    upgrade: take,
    start: () => Promise.resolve(),
    stop() {
      for (const sendAway of open) sendAway();
      return Promise.resolve();
    },
  };
}

function offersMqtt(request: IncomingMessage): boolean {
  const offered = new Set((request.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim()));
  return SUBPROTOCOLS.some((name) => offered.has(name));
}
