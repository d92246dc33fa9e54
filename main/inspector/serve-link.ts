import { encodeFrame, parseClientFrame } from "../contract/codec.ts";
import { ERRORS, refuse, type Refusal, type Result } from "../contract/errors.ts";
import { CONTRACT_VERSION, type ClientFrame, type HubFrame } from "../contract/frames.ts";
import type { Link } from "../contract/link.ts";
import { createByteBudget, type ByteBudget } from "../platform/byte-budget.ts";
import { answerBytes } from "./answer-bytes.ts";
import type { FeedContext } from "./feeds/feed.ts";
import { createLinkFeeds } from "./link-feeds.ts";
import type { RunCall } from "./run-call.ts";

/** A `trusted` carrier (a MessagePort) is let in as it is; over a `token` one the first frame must bring a token. */
export type Trust = "trusted" | "token";

/** Bounds on one link. Characters, as a frame is text; a WebSocket bounds its bytes before that. */
export const MAX_FRAME_CHARS = 2 * 1024 * 1024;
const HELLO_TIMEOUT_MS = 5000;
const MAX_CALLS = 64;
const MAX_BAD_FRAMES = 5;
/** Of answers that are being made or wait to be read. Calls wait for their turn while there are more. */
const MAX_ANSWER_BYTES = 12 * 1024 * 1024;

export interface LinkContext extends FeedContext {
  readonly runCall: RunCall;
  readonly accepts: (token: string) => boolean;
  /** For the answers on all links together. */
  readonly answers: ByteBudget;
}

export interface LinkSession {
  /** Says goodbye with the reason and closes. */
  refuse(refusal: Refusal): void;
  /** It has still to show a token. */
  isStranger(): boolean;
}

/** Speaks the hub's side of the contract over a link until it closes. */
export function serveLink(link: Link, trust: Trust, context: LinkContext): LinkSession {
  const { hub, clock, runCall } = context;
  const calls = new Set<number>();
  const answers = createByteBudget(MAX_ANSWER_BYTES);
  let state: "waiting" | "open" | "closed" = "waiting";
  let badFrames = 0;

  const send = (frame: HubFrame): void => {
    if (state !== "closed") link.send(encodeFrame(frame));
  };
  const feeds = createLinkFeeds(send, context);

  const end = (): void => {
    state = "closed";
    cancelHello();
    feeds.closeAll();
  };
  const close = (refusal: Refusal): void => {
    if (state === "closed") return;
    send({ t: "goodbye", error: refusal });
    end();
    link.close(ERRORS[refusal.code].closeCode, refusal.code);
  };
  const cancelHello =
    trust === "trusted"
      ? () => {}
      : clock.after(HELLO_TIMEOUT_MS, () =>
          close({ code: "TOKEN_REQUIRED", message: `No token came within ${HELLO_TIMEOUT_MS / 1000} s. Say hello with one at once.` }),
        );

  const handleHello = (frame: ClientFrame): void => {
    const refused = helloFault(frame, trust, context.accepts);
    if (refused) return close(refused);
    cancelHello();
    state = "open";
    const { version, log } = hub.status();
    send({ t: "welcome", version: CONTRACT_VERSION, hubVersion: version, logId: log.id, lastSeq: log.lastSeq });
  };

  const answer = async (id: number, name: string, params: unknown): Promise<void> => {
    calls.add(id);
    const bytes = answerBytes(name);
    const shares = [await answers.take(bytes), await context.answers.take(bytes)];
    const outcome = state === "closed" ? null : await runCall(name, params);
    calls.delete(id);
    const release = (): void => shares.forEach((share) => share.release());
    if (!outcome) return release();
    const text = encodeFrame(outcome.ok ? { t: "result", id, result: outcome.value } : { t: "failure", id, error: outcome.refusal });
    for (const share of shares) share.shrinkTo(text.length);
    link.send(text, release);
  };

  const handleFrame = (frame: ClientFrame): Result<void> | void => {
    switch (frame.t) {
      case "hello":
        return refuse("FRAME_INVALID", "hello was said already; it opens a link and is said once.");
      case "call":
        if (calls.has(frame.id)) return refuse("FRAME_INVALID", `The call ${frame.id} is still open; give each call its own id.`);
        if (calls.size >= MAX_CALLS)
          return send({ t: "failure", id: frame.id, error: busy(`${MAX_CALLS} calls are in hand. Wait for one of them.`) });
        return void answer(frame.id, frame.name, frame.params);
      case "open":
        return feeds.open(frame.id, frame.feed, frame.params);
      case "close":
        return feeds.close(frame.id);
      case "taken":
        return feeds.taken(frame.id);
    }
  };

  /** There is no frame for "I do not understand you": a failure of the call 0, which clients never make, says it. */
  const complain = (refusal: Refusal): void => {
    badFrames += 1;
    if (badFrames >= MAX_BAD_FRAMES) close(refusal);
    else send({ t: "failure", id: 0, error: refusal });
  };

  link.onClose(end);
  link.onMessage((text) => {
    if (state === "closed") return;
    if (text.length > MAX_FRAME_CHARS)
      return close({ code: "BODY_TOO_LARGE", message: `The frame is longer than ${MAX_FRAME_CHARS} characters. Send less at once.` });
    const frame = parseClientFrame(text);
    if (state === "waiting") return frame.ok ? handleHello(frame.value) : close(frame.refusal);
    const outcome = frame.ok ? handleFrame(frame.value) : frame;
    if (outcome && !outcome.ok) complain(outcome.refusal);
  });
  return { refuse: close, isStranger: () => trust === "token" && state === "waiting" };
}

function helloFault(frame: ClientFrame, trust: Trust, accepts: (token: string) => boolean): Refusal | null {
  if (frame.t !== "hello") return { code: "FRAME_INVALID", message: `The first frame must be hello, not ${frame.t}.` };
  if (trust === "token" && frame.token === undefined)
    return {
      code: "TOKEN_REQUIRED",
      message: "hello brought no token. Log in with a link from `signalbox open`, or give the hub's token.",
    };
  if (trust === "token" && !accepts(frame.token ?? ""))
    return { code: "TOKEN_INVALID", message: "The token is wrong or has expired. Log in again with a link from `signalbox open`." };
  if (frame.version === CONTRACT_VERSION) return null;
  const message = `This hub speaks version ${CONTRACT_VERSION} of the inspector contract, not ${frame.version}. Use a client of the hub's own version.`;
  return { code: "VERSION_UNKNOWN", message, details: { version: CONTRACT_VERSION } };
}

function busy(message: string): Refusal {
  return { code: "HUB_BUSY", message };
}
