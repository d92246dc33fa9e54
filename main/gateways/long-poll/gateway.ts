import { refuse } from "../../contract/errors.ts";
import type { Peer } from "../../access/permissions.ts";
import type { GatewayHub } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Gateway } from "../gateway.ts";
import type { HttpExchange } from "../http-listener.ts";
import { answerPreflight } from "../http-preflight.ts";
import type { IngressGuard } from "../ingress-guard.ts";
import { LONG_POLL_DEFAULTS, type LongPollConfig } from "./config.ts";
import { isPollPath, parsePollRequest, type PollRequest } from "./inbound.ts";
import { toPollAnswer } from "./outbound.ts";
import { PollSession } from "./session.ts";

export interface LongPollOptions {
  readonly hub: GatewayHub;
  readonly guard: IngressGuard;
  readonly clock: Clock;
  readonly config?: Partial<LongPollConfig>;
}

export interface LongPollGateway extends Gateway {
  /** True when the path is that of polls. */
  handle(exchange: HttpExchange): boolean;
}

/** `GET /poll?topic=<filter>&after=<seq>`: answers when there is something after that seq, or when the wait is over. */
export function createLongPollGateway({ hub, guard, clock, config: changes = {} }: LongPollOptions): LongPollGateway {
  const config = { ...LONG_POLL_DEFAULTS, ...changes };
  const sessions = new Set<PollSession>();
  const host = { hub, clock, maxBytes: config.maxBytes };
  let stopping = false;

  const take = async (exchange: HttpExchange): Promise<void> => {
    const { request } = exchange;
    const cors = guard.corsHeaders(request);
    const foreign = guard.check(request);
    if (foreign) return exchange.refuse(foreign);
    if (answerPreflight(exchange, cors, "GET")) return;
    if (request.method !== "GET") return exchange.refuse(NOT_THIS_METHOD, [...cors, "Allow", "GET, OPTIONS"]);
    const peer = await guard.authenticate(request, exchange.remoteAddress);
    if (!peer.ok) return exchange.refuse(peer.refusal, [...cors, "WWW-Authenticate", "Bearer"]);
    const wanted = parsePollRequest(exchange.path, peer.value, config);
    if (!wanted.ok) return exchange.refuse(wanted.refusal, cors);
    if (stopping) return exchange.refuse(STOPPING, cors);
    poll(exchange, wanted.value, peer.value, cors);
  };

  const poll = (exchange: HttpExchange, wanted: PollRequest, { key }: Peer, cors: string[]): void => {
    const session = new PollSession(host, wanted, (outcome) => {
      sessions.delete(session);
      entry.close();
      if (outcome.kind === "refused") return exchange.refuse(outcome.refusal, cors);
      const text = toPollAnswer(outcome.events, outcome.cursor, outcome.retained);
      const length = String(Buffer.byteLength(text));
      exchange.answer(200, ["Content-Type", "application/json", "Content-Length", length, "Cache-Control", "no-store", ...cors], text);
    });
    sessions.add(session);
    const { remoteAddress } = exchange;
    const entry = hub.sessions.add({
      describe: () => ({
        name: key ?? remoteAddress,
        protocol: "long-poll",
        version: null,
        remoteAddress,
        key,
        queuedEvents: 0,
        queuedBytes: 0,
        subscriptions: wanted.filters,
        subscriptionCount: wanted.filters.length,
        will: null,
      }),
      disconnect: () => session.finish(),
    });
    exchange.response.once("close", () => {
      session.stop();
      entry.close();
      sessions.delete(session);
    });
    session.start();
  };

  return {
    name: "long-poll",
    handle(exchange) {
      if (!isPollPath(exchange.path)) return false;
      void take(exchange);
      return true;
    },
    start: () => Promise.resolve(),
    stop() {
      stopping = true;
      for (const session of sessions) session.finish();
      return Promise.resolve();
    },
  };
}

const NOT_THIS_METHOD = refuse("METHOD_NOT_ALLOWED", "Polls are made with GET.").refusal;
const STOPPING = refuse("HUB_STOPPING", "The hub is stopping. Come again when it is back.").refusal;
