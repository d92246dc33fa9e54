import { isUtf8 } from "node:buffer";
import { refuse, accept, type Result } from "../contract/errors.ts";
import type { HubEvent } from "../hub/ports.ts";

/** An event as clients that speak JSON see it, the same over WebSocket, long-poll, Socket.IO, and in SSE when it is binary. */
export interface EventJson {
  readonly seq: number;
  readonly topic: string;
  /** Epoch ms. */
  readonly time: number;
  readonly contentType: string | null;
  readonly payload: string;
  /** How `payload` is written, when it is not the text itself. */
  readonly encoding?: "base64";
  /** The topic's retained event, given because the client has just come. */
  readonly retained?: true;
}

export function toEventJson(event: HubEvent, retained: boolean): EventJson {
  const { seq, topic, receivedAt: time, contentType } = event;
  const text = textOf(event);
  const body = text === null ? { payload: bufferOf(event.body).toString("base64"), encoding: "base64" as const } : { payload: text };
  return { seq, topic, time, contentType, ...body, ...(retained ? { retained: true as const } : {}) };
}

/** The body as text, or null when it is binary: said to be, or not UTF-8. Encoding the text again gives the same bytes. */
export function textOf({ body, contentType }: Pick<HubEvent, "body" | "contentType">): string | null {
  return contentType === BINARY || !isUtf8(body) ? null : bufferOf(body).toString("utf8");
}

/** What says of a body that it is not text whatever it looks like (RFC 2046 §4.5.1). */
export const BINARY = "application/octet-stream";

export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes of a payload in JSON: a string, read by `encoding`; anything else is sent as the JSON it is. */
export function parsePayload(payload: unknown, encoding: unknown): Result<{ readonly body: Buffer; readonly isJson: boolean }> {
  if (encoding !== undefined && encoding !== "utf8" && encoding !== "base64")
    return refuse("PARAMS_INVALID", '"encoding" is "utf8" or "base64".');
  if (payload === undefined) return refuse("PARAMS_INVALID", 'A publication needs a "payload".');
  if (typeof payload !== "string") return accept({ body: Buffer.from(JSON.stringify(payload)), isJson: true });
  if (encoding === "base64") {
    if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(payload)) return refuse("PARAMS_INVALID", 'The "payload" is not base64.');
    return accept({ body: Buffer.from(payload, "base64"), isJson: false });
  }
  if (!payload.isWellFormed()) return refuse("PARAMS_INVALID", 'The "payload" has half a surrogate pair and is no text.');
  return accept({ body: Buffer.from(payload), isJson: false });
}
