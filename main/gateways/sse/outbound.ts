import type { HubEvent } from "../../hub/ports.ts";
import { BINARY, textOf, toEventJson } from "../event-json.ts";

export const HEARTBEAT = Buffer.from(": heartbeat\n\n");

/** Flat. nginx would keep the stream back unless told not to. */
export const STREAM_HEADERS: readonly string[] = [
  ["Content-Type", "text/event-stream; charset=utf-8"],
  ["Cache-Control", "no-store, no-transform"],
  ["X-Accel-Buffering", "no"],
  ["X-Content-Type-Options", "nosniff"],
].flat();

/** The beginning of a stream. Its id is the place a client goes on from that is cut off before its first event. */
export function toOpening(seq: number, retryMs: number): Buffer {
  return Buffer.from(`: connected\nid: ${seq}\nretry: ${retryMs}\n\n`);
}

/** After retained events, whose ids are from before: what is said next begins here. */
export function toPlace(seq: number): Buffer {
  return Buffer.from(`: live\nid: ${seq}\n\n`);
}

/**
 * `id` is the seq, `event` the topic, `data` the text, a line for each of its lines (HTML §9.2.5). What would not come
 * out as it went in is wrapped as JSON with its bytes in base64: binary, and text with a carriage return, which the
 * format reads as the end of a line.
 */
export function toSseBlock(event: HubEvent): Buffer {
  const text = textOf(event);
  const data = text === null || text.includes("\r") ? wrap(event) : text.replaceAll("\n", "\ndata: ");
  return Buffer.from(`id: ${event.seq}\nevent: ${event.topic.replace(/[\r\n]/g, " ")}\ndata: ${data}\n\n`);
}

/** Without a name, and as the other protocols that speak JSON write it. */
export function toWrappedBlock(event: HubEvent, retained: boolean): Buffer {
  return Buffer.from(`id: ${event.seq}\ndata: ${JSON.stringify(toEventJson(event, retained))}\n\n`);
}

function wrap(event: HubEvent): string {
  return JSON.stringify({ ...toEventJson({ ...event, contentType: BINARY }, false), contentType: event.contentType });
}
