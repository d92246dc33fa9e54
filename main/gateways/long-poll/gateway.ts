import { refuse } from "../../contract/errors.ts";
import type { Peer } from "../../access/permissions.ts";
import type { GatewayHub } from "../../hub/ports.ts";
import { createByteBudget } from "../../platform/byte-budget.ts";
import type { Clock } from "../../platform/clock.ts";
import { admit } from "../admit.ts";
import type { Gateway } from "../gateway.ts";
import type { HttpExchange } from "../http-listener.ts";
import type { IngressGuard } from "../ingress-guard.ts";
import { LONG_POLL_DEFAULTS, type LongPollConfig } from "./config.ts";
import { isPollPath, parsePollRequest, type PollRequest } from "./inbound.ts";
import { toPollAnswer, toRetainedPieces } from "./outbound.ts";
import { createPollers } from "./pollers.ts";
import { sendPieces } from "./send-pieces.ts";
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
  const pollers = createPollers({ hub, clock });
  const host = { hub, clock, maxBytes: config.maxBytes, held: createByteBudget(config.maxHeldBytes) };
  let stopping = false;

  const take = async (exchange: HttpExchange): Promise<void> => {
    const admitted = await admit(exchange, guard, ["GET", "HEAD"]);
    if (!admitted) return;
    const { peer, cors } = admitted;
    const wanted = parsePollRequest(exchange.path, peer, config);
    if (!wanted.ok) return exchange.refuse(wanted.refusal, cors);
    if (stopping) return exchange.refuse(STOPPING, cors);
    if (exchange.request.method === "HEAD") exchange.answer(200, [...ANSWER_HEADERS, ...cors], "");
    else poll(exchange, wanted.value, peer, cors);
  };

  const poll = (exchange: HttpExchange, wanted: PollRequest, { key }: Peer, cors: readonly string[]): void => {
    const session = new PollSession(host, wanted, (outcome) => {
      sessions.delete(session);
      if (outcome.kind === "events") running.noteSent(outcome.events);
      running.end();
      if (outcome.kind === "refused") return exchange.refuse(outcome.refusal, cors);
      const { response } = exchange;
      response.setTimeout(config.unreadMs, () => void response.destroy());
      if (outcome.retained) {
        response.writeHead(200, [...ANSWER_HEADERS, ...cors]);
        return sendPieces(response, toRetainedPieces(outcome.events, outcome.cursor));
      }
      const text = toPollAnswer(outcome.events, outcome.cursor);
      const bytes = Buffer.byteLength(text);
      session.holdOnly(bytes);
      exchange.answer(200, [...ANSWER_HEADERS, "Content-Length", String(bytes), ...cors], text);
    });
    sessions.add(session);
    const { remoteAddress } = exchange;
    const running = pollers.begin({ remoteAddress, key, filters: wanted.filters }, () => session.finish());
    exchange.response.once("close", () => {
      session.close();
      running.end();
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
      pollers.stop();
      return Promise.resolve();
    },
  };
}

const ANSWER_HEADERS = ["Content-Type", "application/json", "Cache-Control", "no-store", "X-Content-Type-Options", "nosniff"];
const STOPPING = refuse("HUB_STOPPING", "The hub is stopping. Come again when it is back.").refusal;
