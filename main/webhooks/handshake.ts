import type { ErrorCode } from "../contract/errors.ts";
import type { HeaderList } from "../contract/event.ts";
import type { Verification, WebhookSecret } from "../contract/verification.ts";
import type { WebhookRequest } from "./provider.ts";

/** A request, and what is known of the source it came to. */
export interface HandshakeContext {
  readonly request: WebhookRequest;
  /** The source's provider; null: none is set. */
  readonly provider: string | null;
  /** What the source verifies signatures with, the newest first. */
  readonly secrets: readonly WebhookSecret[];
  /** What the source and its provider have agreed on for handshakes. */
  readonly words: readonly WebhookSecret[];
  /** What verifying the request came to. */
  readonly verification: Verification;
}

/** What a provider wants to hear when it asks whether it may send webhooks to an address. Never an event. */
export type Handshake = Answered | Refused;

interface Answered {
  /** As the event is called: `slack-url-verification`. */
  readonly name: string;
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
  /** What the event is labelled with. */
  readonly verification: Verification;
  /** Has to be visited before the answer: the provider counts that, not the answer. On the provider's own host. */
  readonly visit?: string;
}

interface Refused {
  readonly name: string;
  readonly refused: Extract<ErrorCode, "HANDSHAKE_REFUSED" | "VERIFICATION_FAILED">;
  /** A sentence for whoever looks at the answer: what is missing. */
  readonly message: string;
  readonly verification: Verification;
}

/**
 * How one provider shakes hands. `answer` is null for every other request. It echoes nothing but what was sent, as plain
 * text that no browser takes for a page, and computes no signature over what could be a request's content: a stranger
 * could use that to sign what he likes.
 */
export interface HandshakeRule {
  readonly name: string;
  answer(context: HandshakeContext): Handshake | null;
}

/** The answer that says a text back. */
export function echo(name: string, text: string, verification: Verification): Answered {
  return { name, status: 200, headers: PLAIN_TEXT, body: text, verification };
}

const PLAIN_TEXT: HeaderList = [
  ["Content-Type", "text/plain; charset=utf-8"],
  ["X-Content-Type-Options", "nosniff"],
];
