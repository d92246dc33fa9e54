import type { IncomingMessage } from "node:http";
import { WebSocketServer, type Server, type ServerOptions, type WebSocket } from "ws";
import type { Peer } from "../../access/permissions.ts";
import type { GatewayHub } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { HttpUpgrade, UpgradeGateway } from "../gateway.ts";
import { createHeartbeat } from "../heartbeat.ts";
import type { IngressGuard } from "../ingress-guard.ts";
import { sayLastWord } from "../last-word.ts";
import { createFlusher } from "../outbox.ts";
import type { IntakePace } from "../intake-pace.ts";
import type { SendingBudget } from "../sending-budget.ts";
import { WEBSOCKET_DEFAULTS, type Subprotocol, type WebSocketConfig } from "./config.ts";
import { JsonSession } from "./json-session.ts";
import { createEventFrames } from "./outbound.ts";
import { chooseProtocol, isWebSocketPath, parseMode, type Mode } from "./parse-address.ts";
import { PeerSocket } from "./peer-socket.ts";
import { STOPPING, type SessionHost, type WebSocketSession } from "./session.ts";
import { TopicSession } from "./topic-session.ts";

export interface WebSocketOptions {
  readonly hub: GatewayHub;
  readonly guard: IngressGuard;
  readonly clock: Clock;
  /** One of each for all gateways. */
  readonly sending: SendingBudget;
  readonly intake: IntakePace;
  readonly config: Partial<WebSocketConfig> & Pick<WebSocketConfig, "maxBodyBytes">;
}

/** Base64 takes four bytes for three; and there is the frame around it. */
const JSON_OVERHEAD = 4 / 3;
const JSON_AROUND_BYTES = 8192;

/** `/ws` and `/ws/topic/<topic>` (RFC 6455). What offers the subprotocol `mqtt` is the MQTT gateway's, which is asked first. */
export function createWebSocketGateway({ hub, guard, clock, sending, intake, config: changes }: WebSocketOptions): UpgradeGateway {
  const config: WebSocketConfig = { ...WEBSOCKET_DEFAULTS, ...changes };
  const sessions = new Set<WebSocketSession>();
  const heartbeat = createHeartbeat<WebSocketSession>(clock, config.heartbeatMs, (session) => session.beat());
  const host: SessionHost = {
    hub,
    clock,
    config,
    flusher: createFlusher(),
    sending,
    intake,
    frames: createEventFrames(),
    ended(session) {
      sessions.delete(session);
      heartbeat.delete(session);
    },
  };
  /** The protocol that was chosen for a request that is being upgraded. */
  const chosen = new WeakMap<IncomingMessage, Subprotocol>();
  const createServer = (maxPayload: number): Server<typeof PeerSocket> => {
    const options: ServerOptions<typeof PeerSocket> & { closeTimeout: number } = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // five times slower, and memory for each peer
      maxPayload,
      WebSocket: PeerSocket,
      handleProtocols: (_offered, request) => chosen.get(request) ?? false,
      closeTimeout: config.closeTimeoutMs,
    };
    return new WebSocketServer(options);
  };
  const plainServer = createServer(config.maxBodyBytes);
  const jsonServer = createServer(Math.ceil(config.maxBodyBytes * JSON_OVERHEAD) + JSON_AROUND_BYTES);
  let stopping = false;

  const take = async (upgrade: HttpUpgrade): Promise<void> => {
    const { request, socket, remoteAddress } = upgrade;
    const foreign = guard.check(request);
    if (foreign) return sayLastWord(socket, foreign, clock);
    const protocol = chooseProtocol(request);
    if (!protocol.ok) return sayLastWord(socket, protocol.refusal, clock);
    const peer = await guard.authenticate(request, remoteAddress);
    if (!peer.ok) return sayLastWord(socket, peer.refusal, clock);
    const mode = parseMode(request.url ?? "", protocol.value, peer.value);
    if (!mode.ok) return sayLastWord(socket, mode.refusal, clock);
    if (stopping) return sayLastWord(socket, STOPPING, clock);
    if (protocol.value !== null) chosen.set(request, protocol.value);
    const isPlain = mode.value.kind === "topic" && !mode.value.options.cloudEvents;
    (isPlain ? plainServer : jsonServer).handleUpgrade(request, socket, upgrade.head, (peerSocket) => {
      open(peerSocket, upgrade, mode.value, peer.value);
    });
  };

  const open = (peerSocket: PeerSocket, { socket }: HttpUpgrade, mode: Mode, peer: Peer): void => {
    const session =
      mode.kind === "json"
        ? new JsonSession(host, peer, peerSocket, socket)
        : new TopicSession(host, peer, peerSocket, socket, mode.options);
    peerSocket.session = session;
    peerSocket.on("message", onMessage);
    peerSocket.on("pong", onPong);
    peerSocket.on("close", onClose);
    peerSocket.on("error", onError);
    sessions.add(session);
    heartbeat.add(session);
    session.start();
  };

  return {
    name: "websocket",
    takesUpgrade: (request) => (request.headers.upgrade ?? "").toLowerCase() === "websocket" && isWebSocketPath(request.url ?? ""),
    upgrade: (upgrade) => void take(upgrade),
    start() {
      heartbeat.start();
      return Promise.resolve();
    },
    stop() {
      stopping = true;
      heartbeat.stop();
      for (const session of sessions) session.close(STOPPING.code, STOPPING.message);
      return Promise.resolve();
    },
  };
}

// One function for all peers instead of closures for each.
function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  (this as PeerSocket).session?.onMessage(data, isBinary);
}
function onPong(this: WebSocket): void {
  (this as PeerSocket).session?.onPong();
}
function onClose(this: WebSocket): void {
  (this as PeerSocket).session?.onClose();
  (this as PeerSocket).session = null;
}
/** The peer broke RFC 6455: ws says so with the right code and closes; "close" follows. */
function onError(): void {
  // Nothing is left to do; without a listener it would be thrown.
}
