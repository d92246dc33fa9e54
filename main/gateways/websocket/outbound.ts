import type { Refusal } from "../../contract/errors.ts";
import type { HubEvent } from "../../hub/ports.ts";
import { toCloudEvent } from "../cloud-event.ts";
import { encodeOnce } from "../encode-once.ts";
import { bufferOf, textOf, toEventJson } from "../event-json.ts";
import { BINARY_DATA, encodeFrame, TEXT } from "./frame.ts";
import type { RequestId } from "./inbound.ts";

/** Events as frames. What was made of an event is kept until the next one: all its subscribers are given the same bytes. */
export interface EventFrames {
  /** `signalbox.v1`: one text frame. */
  readonly json: (event: HubEvent) => Buffer;
  /** The same, but a binary payload follows as a frame of its own. */
  readonly jsonAndBinary: (event: HubEvent) => Buffer;
  /** Nothing but the payload: text as text, binary as binary. */
  readonly plain: (event: HubEvent) => Buffer;
  readonly cloudEvent: (event: HubEvent) => Buffer;
}

export function createEventFrames(): EventFrames {
  return {
    json: encodeOnce((event) => encodeFrame(TEXT, toEventText(event, false))),
    jsonAndBinary: encodeOnce((event) =>
      textOf(event) === null
        ? Buffer.concat([encodeFrame(TEXT, toHeadText(event)), encodeFrame(BINARY_DATA, event.body)])
        : encodeFrame(TEXT, toEventText(event, false)),
    ),
    plain: encodeOnce((event) => (textOf(event) === null ? encodeFrame(BINARY_DATA, event.body) : encodeFrame(TEXT, bufferOf(event.body)))),
    cloudEvent: encodeOnce((event) => encodeFrame(TEXT, toCloudEvent(event))),
  };
}

export function toEventText(event: HubEvent, retained: boolean): string {
  return JSON.stringify({ t: "event", ...toEventJson(event, retained) });
}

/** For one subscription of those that match. */
export function toMarkedText(event: HubEvent, retained: boolean, sub: RequestId | null): string {
  return JSON.stringify({ t: "event", ...toEventJson(event, retained), sub });
}

/** An event whose payload comes in the next frame. */
function toHeadText({ seq, topic, receivedAt: time, contentType }: HubEvent): string {
  return JSON.stringify({ t: "event", seq, topic, time, contentType, encoding: "frame" });
}

export function toReplyFrame(reply: Readonly<Record<string, unknown>>): Buffer {
  return encodeFrame(TEXT, JSON.stringify(reply));
}

/** The commonest reply, made without JSON.stringify when its id is a number. */
export function toAckFrame(id: RequestId | null, seq: number): Buffer {
  if (typeof id === "number") return encodeFrame(TEXT, `{"t":"ack","id":${id},"seq":${seq}}`);
  return toReplyFrame(id === null ? { t: "ack", seq } : { t: "ack", id, seq });
}

export function toErrorFrame(id: RequestId | null, { code, message }: Refusal): Buffer {
  return toReplyFrame(id === null ? { t: "error", code, message } : { t: "error", id, code, message });
}
