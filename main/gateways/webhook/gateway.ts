import { ERRORS, refuse } from "../../contract/errors.ts";
import type { GatewayHub } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import type { Gateway } from "../gateway.ts";
import type { HttpExchange } from "../http-listener.ts";
import { sourceNameOf, toWebhookEvent } from "./inbound.ts";
import { createReplies } from "./reply.ts";

export interface WebhookOptions {
  readonly hub: GatewayHub;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxBodyBytes: number;
  readonly maxReceivingBytes: number;
}

export interface WebhookGateway extends Gateway {
  /** True when the path is one of webhooks; the sender is then answered from here. */
  handle(exchange: HttpExchange): boolean;
}

/** `ANY /in/<source>[/rest]`: whatever is sent is stored as it came, and answered once it is. */
export function createWebhookGateway({ hub, clock, logger, ...limits }: WebhookOptions): WebhookGateway {
  const replies = createReplies(clock);

  const take = (exchange: HttpExchange, name: string): void => {
    const source = hub.source(name);
    if (!source.ok) return exchange.refuse(source.refusal);
    const receivedAt = clock.now();
    exchange.receive(limits, (body) => {
      if (body.refusal) {
        const status = ERRORS[body.refusal.code].httpStatus;
        hub.ingest(toWebhookEvent(exchange, { source: name, receivedAt, body, status }), (outcome) => {
          if (!outcome.ok) logger.debug("A refused request left no record.", { source: name, refusal: outcome.refusal });
        });
        return;
      }
      const { answer } = source.value;
      hub.ingest(toWebhookEvent(exchange, { source: name, receivedAt, body, status: answer.status }), (outcome) => {
        if (outcome.ok) replies.reply(exchange, answer, outcome.event);
        else exchange.refuse(outcome.refusal);
      });
    });
  };

  return {
    name: "webhook",
    handle(exchange) {
      const name = sourceNameOf(exchange.path);
      if (name === null) return false;
      if (name === "") exchange.refuse(NO_SOURCE);
      else take(exchange, name);
      return true;
    },
    start: () => Promise.resolve(),
    stop() {
      replies.stop();
      return Promise.resolve();
    },
  };
}

const NO_SOURCE = refuse("NOT_FOUND", "A webhook's address names its source: /in/<source>, for example /in/github.").refusal;
