import type { Access } from "./access/access.ts";
import type { TlsIdentity } from "./access/tls/tls-identity.ts";
import type { Limits } from "./config/config.ts";
import type { Gateway, UpgradeGateway } from "./gateways/gateway.ts";
import type { HttpExchange } from "./gateways/http-exchange.ts";
import { createHttpListener, type HttpListener } from "./gateways/http-listener.ts";
import { createHttpPublishGateway } from "./gateways/http-publish/gateway.ts";
import { createIngressApp } from "./gateways/ingress-app.ts";
import { createIngressGuard, type IngressGuard } from "./gateways/ingress-guard.ts";
import { createNotingGuard } from "./gateways/noting-guard.ts";
import { createLongPollGateway } from "./gateways/long-poll/gateway.ts";
import { IntakePace } from "./gateways/intake-pace.ts";
import { createSendingBudget, type SendingBudget } from "./gateways/sending-budget.ts";
import type { SocketIoConfig } from "./gateways/socket-io/config.ts";
import { createTunnelApp } from "./gateways/tunnel-app.ts";
import type { TunnelSide } from "./gateways/tunnel-side.ts";
import { createSocketIoGateway } from "./gateways/socket-io/gateway.ts";
import { createSseGateway } from "./gateways/sse/gateway.ts";
import type { SseConfig } from "./gateways/sse/config.ts";
import { createWebhookGateway } from "./gateways/webhook/gateway.ts";
import { NOTHING_OUTSIDE, type WebhookOutside } from "./gateways/webhook/outside.ts";
import type { WebSocketConfig } from "./gateways/websocket/config.ts";
import { createWebSocketGateway } from "./gateways/websocket/gateway.ts";
import type { TunnelWay } from "./contract/tunnel.ts";
import type { GatewayHub } from "./hub/ports.ts";
import type { Clock } from "./platform/clock.ts";
import type { Logger } from "./platform/log.ts";

export interface IngressOptions {
  /** With it this is the listener `https`, without it `ingress`. */
  readonly tls?: TlsIdentity | null;
  /** With it this is a tunnel's own listener: it carries webhooks, and what the tunnel opens by name. */
  readonly tunnel?: TunnelSide | null;
  readonly hub: GatewayHub;
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly limits: Limits;
  /** One of each for all gateways; left out: for those of this listener alone. */
  readonly sending?: SendingBudget;
  readonly intake?: IntakePace;
  /** What webhooks need of the world outside; left out: nothing can be reached. */
  readonly outside?: WebhookOutside;
  readonly maxBodyBytes: number;
  readonly allowHosts: readonly string[];
  readonly allowOrigins: readonly string[];
  /** Makes what takes upgrades before the others do: MQTT over WebSocket. */
  readonly before?: (guard: IngressGuard) => readonly UpgradeGateway[];
  readonly websocket?: Partial<WebSocketConfig>;
  readonly sse?: Partial<SseConfig>;
  readonly socketIo?: Partial<SocketIoConfig>;
  readonly checkIntervalMs?: number;
}

export interface Ingress {
  readonly listener: HttpListener;
  /** Tells every peer, finishes what is in hand, frees the port. */
  readonly stop: () => Promise<void>;
}

/** One listener for everything that comes over HTTP. Throws a RefusalError (PORT_BUSY, LISTEN_REFUSED). */
export async function openIngress(options: IngressOptions): Promise<Ingress> {
  const { tunnel = null, hub, access, clock, logger, maxBodyBytes, limits, allowHosts, allowOrigins } = options;
  const sending = options.sending ?? createSendingBudget(limits.maxSendingBytes, () => clock.monotonic());
  const intake = options.intake ?? new IntakePace(clock);
  const guard = createNotingGuard(createIngressGuard({ access, allowHosts, allowOrigins, tunnel }), hub.sessions);
  const bodies = { maxBodyBytes, maxReceivingBytes: limits.maxReceivingBytes };
  const webhooks = createWebhookGateway({ hub, clock, logger, outside: options.outside ?? NOTHING_OUTSIDE, ...bodies });
  const publish = createHttpPublishGateway({ hub, guard, clock, ...bodies });
  const sse = createSseGateway({ hub, guard, clock, sending, ...(options.sse ? { config: options.sse } : {}) });
  const polls = createLongPollGateway({ hub, guard, clock });
  const websocket = createWebSocketGateway({ hub, guard, clock, sending, intake, config: { ...options.websocket, maxBodyBytes } });
  const socketIo = createSocketIoGateway({ hub, guard, clock, sending, config: { ...options.socketIo, maxBodyBytes } });
  const mqtt = options.before?.(guard) ?? [];

  const isOpen = (way: TunnelWay): boolean => tunnel === null || tunnel.ways.includes(way);
  const ifOpen = <T>(way: TunnelWay, ...gateways: readonly T[]): readonly T[] => (isOpen(way) ? gateways : []);
  // In order of how much comes that way.
  const takers = [
    webhooks,
    ...ifOpen("publish", publish),
    ...ifOpen("poll", polls),
    ...ifOpen("sse", sse),
    ...ifOpen("socket-io", socketIo),
  ];
  const listener = createHttpListener({
    tls: options.tls ?? null,
    tunnel,
    ...options.listen,
    ...limits,
    clock,
    counters: hub.counters,
    logger,
    intake: (exchange: HttpExchange) => tunnel?.takes(exchange) === true || takers.some((gateway) => gateway.handle(exchange)),
    upgrades: [...ifOpen("mqtt", ...mqtt), ...ifOpen("websocket", websocket), ...ifOpen("socket-io", socketIo)],
    app: tunnel === null ? createIngressApp({ logger, guard, version: options.version }) : createTunnelApp(tunnel),
    ...(options.checkIntervalMs === undefined ? {} : { checkIntervalMs: options.checkIntervalMs }),
  });
  const gateways: Gateway[] = [webhooks, publish, sse, polls, websocket, socketIo, ...mqtt];
  await listener.start();
  for (const gateway of gateways) await gateway.start();
  return {
    listener,
    async stop() {
      const stopped = gateways.map((gateway) => gateway.stop());
      await listener.stop();
      await Promise.all(stopped);
    },
  };
}
