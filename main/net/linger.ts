import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../platform/clock.ts";

/** A refused sender may go on sending for so long and so much, kept by nobody, so that it reads its answer and not a reset. */
const LINGER_MS = 5000;
const LINGER_BYTES = 256 * 1024 * 1024;

/**
 * Sends an answer while the request's body still comes. It is whole for the sender by its Content-Length, but not ended:
 * that would close the socket over unread bytes, and the reset that follows can take the answer with it (RFC 9112 §9.6).
 * The head must have been given, with `Connection: close`.
 */
export function answerEarly(request: IncomingMessage, response: ServerResponse, body: string, clock: Pick<Clock, "after">): void {
  response.write(body);
  let left = LINGER_BYTES;
  const finish = (): void => {
    cancel();
    response.end();
  };
  const cancel = clock.after(LINGER_MS, finish);
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) finish();
  });
  request.once("end", finish);
  response.once("close", cancel);
}
