import { refuse, type Refusal } from "../../contract/errors.ts";
import type { EventState } from "../../contract/event.ts";
import type { Source } from "../../contract/source.ts";
import type { Verification } from "../../contract/verification.ts";
import type { DeliveryId } from "../../hub/ports.ts";
import type { LiveSource } from "../../hub/source-ports.ts";
import { deliveryIdOf } from "../../webhooks/delivery-id.ts";
import { detectProviders } from "../../webhooks/detect.ts";
import type { Handshake } from "../../webhooks/handshake.ts";
import { handshakeOf } from "../../webhooks/handshakes.ts";
import { providerOf } from "../../webhooks/provider-directory.ts";
import type { Provider, WebhookRequest } from "../../webhooks/provider.ts";
import { NOT_CONFIGURED } from "../../webhooks/verdict.ts";
import { verifyWebhook, type VerifyTools } from "../../webhooks/verify.ts";

/** What a request is, before it is stored. */
export interface Judgement {
  readonly state: Exclude<EventState, "duplicate">;
  readonly verification: Verification;
  /** What its sender is answered with instead of the source's answer. */
  readonly handshake: Extract<Handshake, { readonly status: number }> | null;
  /** Why it is not published, when it is refused. */
  readonly refusal: Refusal | null;
  /** As the provider writes it; null: as the headers say. */
  readonly eventType: string | null;
  /** By what it is known again; null when it is not. */
  readonly delivery: DeliveryId | null;
}

/** A request nothing is known of, to a source that knows no provider. */
export const ORDINARY: Judgement = {
  state: "accepted",
  verification: NOT_CONFIGURED,
  handshake: null,
  refusal: null,
  eventType: null,
  delivery: null,
};

/**
 * The judgement on one request, over its raw bytes. A promise only where a certificate has to be had. In capture mode
 * what fails is labelled; in gateway mode what is not verified is refused, as nobody knows who sent it.
 */
export function judge(request: WebhookRequest, source: LiveSource, tools: VerifyTools): Judgement | Promise<Judgement> {
  const { config } = source;
  if (config.provider === null) return judgeUnconfigured(request, config);
  const provider = providerOf(config);
  const { signature: secrets, handshake: words } = source.secrets();
  const conclude = (verification: Verification): Judgement => {
    const handshake = handshakeOf({ request, provider: config.provider, secrets, words, verification });
    if (handshake && (config.mode === "capture" || isVouchedFor(handshake))) return toJudgement(handshake);
    const eventType = provider?.eventType(request) ?? null;
    const refusal = config.mode === "gateway" ? refusalOf(verification, config) : null;
    if (refusal) return { ...ORDINARY, state: "refused", verification, refusal, eventType };
    const delivery = provider && toDelivery(provider, request, config, verification);
    return { ...ORDINARY, verification, eventType, delivery };
  };
  const verification = verifyWebhook(request, { provider, secrets, toleranceMs: config.toleranceMs }, tools);
  return verification instanceof Promise ? verification.then(conclude) : conclude(verification);
}

/** Nothing is verified, so what is known again is only what is the same in every byte. */
function judgeUnconfigured(request: WebhookRequest, config: Source): Judgement {
  const handshake = handshakeOf({ request, provider: null, secrets: [], words: [], verification: NOT_CONFIGURED });
  if (handshake) return toJudgement(handshake);
  const [found, other] = detectProviders(request);
  if (found?.confidence !== "certain" || other) return ORDINARY;
  return { ...ORDINARY, delivery: toDelivery(found.provider, request, config, NOT_CONFIGURED) };
}

function toJudgement(handshake: Handshake): Judgement {
  const { verification } = handshake;
  if ("refused" in handshake)
    return { ...ORDINARY, state: "refused", verification, refusal: refuse(handshake.refused, handshake.message).refusal };
  return { ...ORDINARY, state: "handshake", verification, handshake };
}

/** By a signature, by an agreed word; or there is nothing to vouch for, as the provider does not sign such requests. */
function isVouchedFor(handshake: Handshake): boolean {
  const { verdict, cause } = handshake.verification;
  return "refused" in handshake || verdict === "verified" || cause === "unsigned";
}

/** Who is not known is not told what was wrong: the event says it, to whoever may see it. */
function refusalOf({ verdict, cause }: Verification, { name }: Source): Refusal | null {
  if (verdict === "verified") return null;
  if (cause === "certificate-unavailable") {
    const message = `What the source "${name}" needs to verify this request cannot be had at the moment. Send it again later.`;
    return refuse("VERIFICATION_UNAVAILABLE", message).refusal;
  }
  const message = `The source "${name}" takes only what is verified, and this is not. The hub's inspector says why.`;
  return refuse("VERIFICATION_FAILED", message).refusal;
}

/**
 * Of a sender who is not verified the id proves nothing: with that alone a stranger could send a delivery's id before the
 * provider does, and so keep the real one from being published.
 */
function toDelivery(provider: Provider, request: WebhookRequest, config: Source, { verdict }: Verification): DeliveryId | null {
  if (config.dedupeWindowMs === 0) return null;
  const id = deliveryIdOf(provider, request);
  if (id === null) return null;
  return { id, withBody: verdict !== "verified", windowMs: config.dedupeWindowMs, statusIfSeen: answerToSeen(config).status };
}

/** A duplicate is answered as the first one was, but never so that its sender sends it once more. */
export function answerToSeen({ answer }: Source): Source["answer"] {
  return answer.status >= 200 && answer.status < 300 ? answer : { ...answer, status: 200, headers: [], body: null };
}
