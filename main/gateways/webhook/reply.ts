import type { SourceAnswer } from "../../contract/source.ts";
import type { HubEvent } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Handshake } from "../../webhooks/handshake.ts";
import type { HttpExchange } from "../http-listener.ts";

type HandshakeAnswer = Pick<Extract<Handshake, { readonly status: number }>, "status" | "headers" | "body">;

export interface Replies {
  /** Tells the sender that its event is stored, in the source's own words. `done` runs once it has been told, or has hung up. */
  reply(exchange: HttpExchange, answer: SourceAnswer, event: HubEvent, done: () => void): void;
  /** Says what a provider wants to hear. */
  shakeHands(exchange: HttpExchange, answer: HandshakeAnswer): void;
  /** Sends at once what was still being delayed. */
  stop(): void;
}

export function createReplies(clock: Clock): Replies {
  const delayed = new Set<() => void>();
  let stopped = false;

  return {
    reply(exchange, answer, event, done) {
      if (answer.delayMs === 0 || stopped) {
        send(exchange, answer, event);
        return done();
      }
      const now = (): void => {
        cancel();
        delayed.delete(now);
        send(exchange, answer, event);
        done();
      };
      const cancel = clock.after(answer.delayMs, now);
      delayed.add(now);
      exchange.response.once("close", () => {
        if (!delayed.delete(now)) return;
        cancel();
        done();
      });
    },
    shakeHands(exchange, { status, headers, body }) {
      const flat = headers.flat();
      if (hasBody(status)) flat.push("Content-Length", String(Buffer.byteLength(body)));
      exchange.answer(status, flat, body);
    },
    stop() {
      stopped = true;
      for (const now of delayed) now();
    },
  };
}

function send(exchange: HttpExchange, { status, headers, body }: SourceAnswer, event: HubEvent): void {
  if (body === null && headers.length === 0 && hasBody(status)) {
    const text = `{"id":"${event.id}","seq":${event.seq}}`; // ASCII: its length is its bytes
    exchange.answer(status, ["Content-Type", "application/json", "Content-Length", String(text.length)], text);
    return;
  }
  const flat = headers.flat();
  if (!hasBody(status)) return exchange.answer(status, flat, "");
  const text = body ?? JSON.stringify({ id: event.id, seq: event.seq });
  if (!headers.some(([name]) => name.toLowerCase() === "content-type"))
    flat.push("Content-Type", body === null ? "application/json" : "text/plain; charset=utf-8");
  flat.push("Content-Length", String(Buffer.byteLength(text)));
  exchange.answer(status, flat, text);
}

/** RFC 9110 §15.3.5 and §15.4.5: these have no body, nor its headers. */
function hasBody(status: number): boolean {
  return status !== 204 && status !== 304;
}
