import { createServer, type IncomingMessage } from "node:http";
import { Server } from "socket.io";
import { NOBODY, type Peer } from "../../access/permissions.ts";
import type { GatewayHub } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { HttpUpgrade, UpgradeGateway } from "../gateway.ts";
import type { HttpExchange } from "../http-listener.ts";
import type { IngressGuard } from "../ingress-guard.ts";
import { sayLastWord } from "../last-word.ts";
import type { SendingBudget } from "../sending-budget.ts";
import { SOCKET_IO_DEFAULTS, type SocketIoConfig } from "./config.ts";
import { SocketIoSession, type SocketIoHost } from "./session.ts";

export interface SocketIoOptions {
  readonly hub: GatewayHub;
  readonly guard: IngressGuard;
  readonly clock: Clock;
  /** One for all gateways. */
  readonly sending: SendingBudget;
  readonly config: Partial<SocketIoConfig> & Pick<SocketIoConfig, "maxBodyBytes">;
}

export interface SocketIoGateway extends UpgradeGateway {
  /** True when the path is Socket.IO's. */
  handle(exchange: HttpExchange): boolean;
}

const PATH = "/socket.io/";
const AROUND_BYTES = 64 * 1024;

/** `/socket.io/`: events subscribe, unsubscribe and publish; the server emits `event`. */
export function createSocketIoGateway({ hub, guard, clock, sending, config: changes }: SocketIoOptions): SocketIoGateway {
  const config: SocketIoConfig = { ...SOCKET_IO_DEFAULTS, ...changes };
  const peers = new WeakMap<IncomingMessage, Peer>();
  /** Socket.IO wants a server of Node's to listen to. This one never listens: it is handed what is for Socket.IO. */
  const door = createServer();
  const io = new Server(door, {
    path: PATH,
    maxHttpBufferSize: config.maxBodyBytes + AROUND_BYTES,
    connectionStateRecovery: { maxDisconnectionDuration: config.recoveryMs },
    perMessageDeflate: false,
    httpCompression: false,
    // By default Socket.IO takes WebSockets from every origin. Asked once for each client: later requests bring its id.
    allowRequest: (request, answer) => {
      const foreign = guard.check(request);
      if (foreign) return answer(foreign.message, false);
      const remoteAddress = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
      void authenticate(request, remoteAddress).then((fault) => answer(fault, fault === null));
    },
    cors: (request, answer) => {
      const allowed = guard.corsHeaders(request as IncomingMessage).length > 0;
      answer(null, { origin: allowed ? ((request as IncomingMessage).headers.origin ?? false) : false });
    },
  });

  const authenticate = async (request: IncomingMessage, remoteAddress: string): Promise<string | null> => {
    const peer = await guard.authenticate(request, remoteAddress);
    if (!peer.ok) return peer.refusal.message;
    peers.set(request, peer.value);
    return null;
  };
  let rememberedBytes = 0;
  /** Half as much again may gather, so that it is not looked at for every packet. */
  const forget = (bytes: number): void => {
    rememberedBytes += bytes;
    const { packets = [] } = io.of("/").adapter as unknown as {
      packets?: { data: [name: string, event?: { payload?: Buffer | string }] }[];
    };
    if (packets.length <= config.maxRemembered * 1.5 && rememberedBytes <= config.maxRememberedBytes * 1.5) return;
    rememberedBytes = 0;
    let first = packets.length;
    while (first > 0 && packets.length - first < config.maxRemembered) {
      const size = packets[first - 1]!.data[1]?.payload?.length ?? 0;
      if (rememberedBytes + size > config.maxRememberedBytes) break;
      rememberedBytes += size;
      first -= 1;
    }
    packets.splice(0, first);
  };
  const host: SocketIoHost = { hub, clock, config, sending, emitted: forget };
  io.on("connection", (socket) => {
    const peer = peers.get(socket.request) ?? NOBODY;
    // Some time has passed since the handshake.
    if (peer.isGood()) void new SocketIoSession(host, socket, peer);
    else socket.disconnect(true);
  });

  return {
    name: "socket-io",
    handle(exchange) {
      if (!isSocketIoPath(exchange.path)) return false;
      const foreign = guard.check(exchange.request);
      if (foreign) exchange.refuse(foreign);
      else {
        exchange.goOn();
        door.emit("request", exchange.request, exchange.response);
      }
      return true;
    },
    takesUpgrade: (request) => (request.headers.upgrade ?? "").toLowerCase() === "websocket" && isSocketIoPath(request.url ?? ""),
    upgrade({ request, socket, head }: HttpUpgrade) {
      const foreign = guard.check(request);
      if (foreign) sayLastWord(socket, foreign, clock);
      else door.emit("upgrade", request, socket, head);
    },
    start: () => Promise.resolve(),
    stop: () => io.close(),
  };
}

function isSocketIoPath(target: string): boolean {
  return target.startsWith(PATH);
}
