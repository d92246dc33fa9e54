import { refuse } from "../../contract/errors.ts";
import type { GatewayHub, HubEvent } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import { admit } from "../admit.ts";
import { encodeOnce } from "../encode-once.ts";
import type { Gateway } from "../gateway.ts";
import { createHeartbeat } from "../heartbeat.ts";
import type { HttpExchange } from "../http-listener.ts";
import type { IngressGuard } from "../ingress-guard.ts";
import { createFlusher } from "../outbox.ts";
import type { SendingBudget } from "../sending-budget.ts";
import { SSE_DEFAULTS, type SseConfig } from "./config.ts";
import { isSsePath, parseSseRequest } from "./inbound.ts";
import { STREAM_HEADERS, toSseBlock, toWrappedBlock } from "./outbound.ts";
import { SseSession, type SseHost } from "./session.ts";

export interface SseOptions {
  readonly hub: GatewayHub;
  readonly guard: IngressGuard;
  readonly clock: Clock;
  /** One for all gateways. */
  readonly sending: SendingBudget;
  readonly config?: Partial<SseConfig>;
}

export interface SseGateway extends Gateway {
  /** True when the path is that of streams. */
  handle(exchange: HttpExchange): boolean;
}

/** `GET|POST /sse?topic=<filter>`: events as they come, in the browser's own format (HTML §9.2). */
export function createSseGateway({ hub, guard, clock, sending, config: changes = {} }: SseOptions): SseGateway {
  const config = { ...SSE_DEFAULTS, ...changes };
  const sessions = new Set<SseSession>();
  const heartbeat = createHeartbeat<SseSession>(clock, config.heartbeatMs, (session) => session.beat());
  const host: SseHost = {
    hub,
    config,
    flusher: createFlusher(),
    sending,
    encode: encodeOnce<HubEvent, Buffer>(toSseBlock),
    encodeWrapped: encodeOnce<HubEvent, Buffer>((event) => toWrappedBlock(event, false)),
    ended(session) {
      sessions.delete(session);
      heartbeat.delete(session);
    },
  };
  let stopping = false;

  const take = async (exchange: HttpExchange): Promise<void> => {
    const admitted = await admit(exchange, guard, ["GET", "HEAD", "POST"]);
    if (!admitted) return;
    const { request } = exchange;
    const { peer, cors } = admitted;
    const wanted = parseSseRequest(request, peer);
    if (!wanted.ok) return exchange.refuse(wanted.refusal, cors);
    if (stopping || exchange.response.destroyed) return exchange.refuse(STOPPING, cors);
    if (request.method === "HEAD") return exchange.answer(200, [...STREAM_HEADERS, ...cors], "");
    if (exchange.bodyFault !== null) return exchange.refuse(exchange.bodyFault, cors);
    request.resume(); // the body of a POST says nothing
    const session = new SseSession(host, exchange, wanted.value, peer, cors);
    sessions.add(session);
    heartbeat.add(session);
  };

  return {
    name: "sse",
    handle(exchange) {
      if (!isSsePath(exchange.path)) return false;
      void take(exchange);
      return true;
    },
    start() {
      heartbeat.start();
      return Promise.resolve();
    },
    stop() {
      stopping = true;
      heartbeat.stop();
      for (const session of sessions) session.stop();
      return Promise.resolve();
    },
  };
}

const STOPPING = refuse("HUB_STOPPING", "The hub is stopping. Come again when it is back.").refusal;
