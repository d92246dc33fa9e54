import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { ERRORS, type Refusal } from "../../contract/errors.ts";
import { answerEarly } from "../../net/linger.ts";
import { systemClock } from "../../platform/clock.ts";

/** After the answer, for the peer to read it before the socket goes. */
const LAST_WORD_MS = 2000;
/** What a client is asked to wait where nothing better is known. */
const RETRY_AFTER_SECONDS = 1;

export function toErrorBody(refusal: Refusal): string {
  const { code, message, details } = refusal;
  return JSON.stringify({ error: { code, message, details: details ?? {} } });
}

/** Answers with the refusal in the catalogue's status. An answer that has begun can only be cut off. */
export function sendRefusal(response: ServerResponse, refusal: Refusal, retryAfterSeconds = RETRY_AFTER_SECONDS): void {
  if (response.headersSent) response.destroy();
  else response.end(startRefusal(response, refusal, retryAfterSeconds));
}

/** The same while the request's body may still come: it is not read, and the connection is closed. */
export function sendEarlyRefusal(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  if (request.complete || response.headersSent) return sendRefusal(response, refusal);
  response.setHeader("Connection", "close");
  const body = startRefusal(response, refusal, RETRY_AFTER_SECONDS);
  answerEarly(request, response, body, systemClock);
}

/** Sets status and headers; gives the body. */
function startRefusal(response: ServerResponse, refusal: Refusal, retryAfterSeconds: number): string {
  const { httpStatus, retryable } = ERRORS[refusal.code];
  response.statusCode = httpStatus;
  for (const name of ["Content-Disposition", "ETag"]) response.removeHeader(name);
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Cache-Control", "no-store");
  // RFC 9110 §11.6.1: a 401 says how to be let in.
  if (httpStatus === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="signalbox"');
  if (retryable && (httpStatus === 503 || httpStatus === 429)) response.setHeader("Retry-After", String(retryAfterSeconds));
  const body = toErrorBody(refusal);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  return body;
}

/** The same on a socket that has no response: malformed HTTP and refused upgrades. `extra` are whole header lines. */
export function sendRawRefusal(socket: Duplex, refusal: Refusal, extra: readonly string[] = []): void {
  const { httpStatus } = ERRORS[refusal.code];
  const body = toErrorBody(refusal);
  const head = [
    `HTTP/1.1 ${httpStatus} ${STATUS_CODES[httpStatus]}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "X-Content-Type-Options: nosniff",
    "Cache-Control: no-store",
    "Connection: close",
    ...extra,
  ];
  if (httpStatus === 401) head.push('WWW-Authenticate: Bearer realm="signalbox"');
  if (httpStatus === 503) head.push(`Retry-After: ${RETRY_AFTER_SECONDS}`);
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  socket.once(
    "close",
    systemClock.after(LAST_WORD_MS, () => socket.destroy()),
  );
}
