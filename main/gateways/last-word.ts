import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { Refusal } from "../contract/errors.ts";
import type { Clock } from "../platform/clock.ts";
import { toHttpAnswer } from "./http-answer.ts";

/** After the answer, for the peer to read it before the socket goes. */
const LAST_WORD_MS = 2000;

/** A refusal on a socket that Node's HTTP no longer answers for, and its end. `extra` headers are flat. */
export function sayLastWord(socket: Duplex, refusal: Refusal, clock: Clock, extra: readonly string[] = []): void {
  if (!socket.writable) return void socket.destroy();
  const { status, headers, body } = toHttpAnswer(refusal);
  headers.push(...extra);
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, "Connection: close"];
  for (let index = 0; index < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`);
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
  const cancel = clock.after(LAST_WORD_MS, () => socket.destroy());
  socket.once("close", cancel);
}
