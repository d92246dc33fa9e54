import type { Refusal } from "../../contract/errors.ts";
import type { HubEvent } from "../../hub/ports.ts";
import { bufferOf, textOf } from "../event-json.ts";

/** What `event` is emitted with: as over the other protocols, but that binary payloads are bytes here. */
export interface EmittedEvent {
  readonly seq: number;
  readonly topic: string;
  readonly time: number;
  readonly contentType: string | null;
  readonly payload: string | Buffer;
  readonly retained?: true;
}

export function toEmittedEvent(event: HubEvent, retained: boolean): EmittedEvent {
  const { seq, topic, receivedAt: time, contentType } = event;
  const payload = textOf(event) ?? bufferOf(event.body);
  return { seq, topic, time, contentType, payload, ...(retained ? { retained: true as const } : {}) };
}

export function toErrorReply({ code, message }: Refusal): { readonly error: Refusal } {
  return { error: { code, message } };
}
