import type { AppendOutcome, GatewayHub } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import { admit } from "../admit.ts";
import { checkPublish } from "../follow-query.ts";
import type { Gateway } from "../gateway.ts";
import type { HttpExchange, ReceivedBody } from "../http-listener.ts";
import type { IngressGuard } from "../ingress-guard.ts";
import { isPublishPath, parseTarget, toPublications, type PublishTarget } from "./inbound.ts";

export interface HttpPublishOptions {
  readonly hub: GatewayHub;
  readonly guard: IngressGuard;
  readonly clock: Clock;
  readonly maxBodyBytes: number;
  readonly maxReceivingBytes: number;
}

export interface HttpPublishGateway extends Gateway {
  /** True when the path is one of publications; the sender is then answered from here. */
  handle(exchange: HttpExchange): boolean;
}

/** `POST|PUT /publish/<topic>`: the body is published as it is, and its sender answered once it is stored. */
export function createHttpPublishGateway({ hub, guard, clock, ...limits }: HttpPublishOptions): HttpPublishGateway {
  const take = async (exchange: HttpExchange): Promise<void> => {
    const admitted = await admit(exchange, guard, ["POST", "PUT"]);
    if (!admitted) return;
    const { peer, cors } = admitted;
    const target = parseTarget(exchange.path);
    if (!target.ok) return exchange.refuse(target.refusal, cors);
    const allowed = checkPublish(target.value.topic, peer);
    if (!allowed.ok) return exchange.refuse(allowed.refusal, cors);
    const receivedAt = clock.now();
    exchange.receive(limits, (body) => publish(exchange, target.value, receivedAt, body, cors));
  };

  const publish = (
    exchange: HttpExchange,
    target: PublishTarget,
    receivedAt: number,
    body: ReceivedBody,
    cors: readonly string[],
  ): void => {
    if (body.refusal) return; // the sender has been told; there is no event
    const publications = toPublications(exchange, target, receivedAt, body.bytes);
    if (!publications.ok) return exchange.refuse(publications.refusal, cors);
    const { events, batch } = publications.value;
    const outcomes: AppendOutcome[] = [];
    const finish = (): void => {
      const failed = outcomes.find((outcome) => !outcome.ok);
      if (failed && !failed.ok) return exchange.refuse(failed.refusal, cors);
      const stored = outcomes.flatMap((outcome) => (outcome.ok ? [`{"id":"${outcome.event.id}","seq":${outcome.event.seq}}`] : []));
      const text = batch ? `{"events":[${stored.join(",")}]}` : stored[0]!; // ASCII: its length is its bytes
      exchange.answer(201, ["Content-Type", "application/json", "Content-Length", String(text.length), ...cors], text);
    };
    if (events.length === 0) return finish();
    for (const event of events)
      hub.ingest(event, (outcome) => {
        outcomes.push(outcome);
        if (outcomes.length === events.length) finish();
      });
  };

  return {
    name: "http-publish",
    handle(exchange) {
      if (!isPublishPath(exchange.path)) return false;
      void take(exchange);
      return true;
    },
    start: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
}
