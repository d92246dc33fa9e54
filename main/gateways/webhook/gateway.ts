import { ERRORS, refuse, type Refusal } from "../../contract/errors.ts";
import type { Verification } from "../../contract/verification.ts";
import type { GatewayHub } from "../../hub/ports.ts";
import type { LiveSource } from "../../hub/source-ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import type { WebhookRequest } from "../../webhooks/provider.ts";
import { mayBeProviders } from "../../webhooks/tell-tale.ts";
import { unverifiable } from "../../webhooks/verdict.ts";
import type { VerifyTools } from "../../webhooks/verify.ts";
import type { Gateway } from "../gateway.ts";
import type { HttpExchange, ReceivedBody } from "../http-listener.ts";
import { sourceNameOf, toWebhookEvent, toWebhookRequest } from "./inbound.ts";
import { answerToSeen, judge, ORDINARY, type Judgement } from "./judge.ts";
import { boundWaiting, type WebhookOutside } from "./outside.ts";
import { createReplies } from "./reply.ts";

export interface WebhookOptions {
  readonly hub: GatewayHub;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly outside: WebhookOutside;
  readonly maxBodyBytes: number;
  readonly maxReceivingBytes: number;
}

export interface WebhookGateway extends Gateway {
  /** True when the path is one of webhooks; the sender is then answered from here. */
  handle(exchange: HttpExchange): boolean;
}

/** `ANY /in/<source>[/rest]`: whatever is sent is stored as it came, and answered once it is. */
export function createWebhookGateway({ hub, clock, logger, outside, ...limits }: WebhookOptions): WebhookGateway {
  const replies = createReplies(clock);
  const fetchCertificate = boundWaiting(outside);

  const take = (exchange: HttpExchange, name: string): void => {
    const found = hub.source(name);
    if (!found.ok) return exchange.refuse(found.refusal);
    const source = found.value;
    const receivedAt = clock.now();
    const began = clock.monotonic();
    exchange.receive(limits, (body) => {
      if (body.refusal) return keepBeginning(exchange, source, receivedAt, body, body.refusal);
      const settled = (judgement: Judgement): void => keep(exchange, source, judgement, { receivedAt, began, body });
      if (source.config.provider === null && !mayBeProviders(exchange.head.headers, exchange.path, body.bytes)) return settled(ORDINARY);
      const tools = { now: receivedAt, fetchCertificate: fetchCertificate(body.bytes.length) };
      const judged = judgeSafely(toWebhookRequest(exchange, body), source, tools);
      if (judged instanceof Promise) void judged.then(settled);
      else settled(judged);
    });
  };

  /** What is thrown here is a bug that a stranger's bytes have found: it must neither end the hub nor lose the request. */
  const judgeSafely = (request: WebhookRequest, source: LiveSource, tools: VerifyTools): Judgement | Promise<Judgement> => {
    const failed = (error: unknown): Judgement => {
      logger.error("A webhook could not be judged; it is kept as refused.", { source: source.config.name, error });
      return { ...ORDINARY, state: "refused", refusal: NOT_JUDGED };
    };
    try {
      const judged = judge(request, source, tools);
      if (!(judged instanceof Promise) && judged.handshake?.visit === undefined) return judged;
      return Promise.resolve(judged).then(finish).catch(failed);
    } catch (error) {
      return failed(error);
    }
  };

  /** A handshake may ask for a visit; its provider tries again while there was none. */
  const finish = async (judgement: Judgement): Promise<Judgement> => {
    const { handshake } = judgement;
    if (handshake?.visit === undefined || (await outside.visit(handshake.visit))) return judgement;
    return { ...judgement, state: "refused", handshake: null, refusal: UNFINISHED };
  };

  const keep = (
    exchange: HttpExchange,
    source: LiveSource,
    judgement: Judgement,
    { receivedAt, began, body }: { readonly receivedAt: number; readonly began: number; readonly body: ReceivedBody },
  ): void => {
    const { config } = source;
    const { refusal, handshake } = judgement;
    const status = refusal ? ERRORS[refusal.code].httpStatus : (handshake ?? config.answer).status;
    const event = toWebhookEvent(exchange, { source: config.name, receivedAt, body, status, judgement });
    hub.ingest(event, (outcome) => {
      if (!outcome.ok) return exchange.refuse(outcome.refusal);
      const noteAnswered = (): void => source.noteAnswered(outcome.event.seq, clock.monotonic() - began);
      if (refusal) {
        exchange.refuse(refusal);
        noteAnswered();
      } else if (handshake) {
        replies.shakeHands(exchange, handshake);
        noteAnswered();
      } else {
        const answer = outcome.event.state === "duplicate" ? answerToSeen(config) : config.answer;
        replies.reply(exchange, answer, outcome.event, noteAnswered);
      }
    });
  };

  /** The sender has been told already. */
  const keepBeginning = (
    exchange: HttpExchange,
    { config }: LiveSource,
    receivedAt: number,
    body: ReceivedBody,
    refusal: Refusal,
  ): void => {
    const verification = config.provider === null ? ORDINARY.verification : BEGINNING_ONLY;
    const judgement: Judgement = { ...ORDINARY, state: "refused", verification, refusal };
    const status = ERRORS[refusal.code].httpStatus;
    hub.ingest(toWebhookEvent(exchange, { source: config.name, receivedAt, body, status, judgement }), (outcome) => {
      if (!outcome.ok) logger.debug("A refused request left no record.", { source: config.name, refusal: outcome.refusal });
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
const NOT_JUDGED = refuse("INTERNAL", "Something went wrong inside the hub while it verified this. Its log explains it.").refusal;
const UNFINISHED = refuse(
  "HANDSHAKE_UNFINISHED",
  "The address this handshake names could not be visited. Send it again in a moment.",
).refusal;
const BEGINNING_ONLY: Verification = unverifiable("body-truncated", "Of the body only the beginning is there.");
