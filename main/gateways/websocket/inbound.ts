import { accept, refuse, type Refusal, type Result } from "../../contract/errors.ts";
import { parsePayload } from "../event-json.ts";

/** What a client numbers its requests with. */
export type RequestId = string | number;

/** A frame of `signalbox.v1`, understood. */
export type ClientFrame =
  | {
      readonly t: "subscribe";
      readonly id: RequestId | null;
      readonly filter: string;
      readonly after: number | null;
      /** Binary payloads follow their event as a frame of their own, instead of in base64. */
      readonly binaryFrames: boolean;
      /** What is replayed says for which subscription, and a `live` frame follows it. */
      readonly mark: boolean;
    }
  | { readonly t: "unsubscribe"; readonly id: RequestId | null; readonly filter: string | null }
  | {
      readonly t: "publish";
      readonly id: RequestId | null;
      readonly topic: string;
      readonly contentType: string | null;
      /** Null: the next frame is the payload. */
      readonly body: Buffer | null;
      readonly ack: boolean;
      readonly retained: boolean;
    }
  | { readonly t: "ping"; readonly id: RequestId | null };

export type ParsedFrame =
  | { readonly ok: true; readonly frame: ClientFrame }
  | { readonly ok: false; readonly id: RequestId | null; readonly refusal: Refusal };

/** Takes a text frame apart. Refuses FRAME_INVALID and PARAMS_INVALID, with the request's id when there is one. */
export function parseClientFrame(text: string): ParsedFrame {
  let foreign: unknown;
  try {
    foreign = JSON.parse(text);
  } catch {
    return fault(null, refuse("FRAME_INVALID", "The frame is not valid JSON.").refusal);
  }
  if (typeof foreign !== "object" || foreign === null || Array.isArray(foreign))
    return fault(null, refuse("FRAME_INVALID", 'A frame is a JSON object with a "t".').refusal);
  const { id: foreignId, ...fields } = foreign as Record<string, unknown>;
  const id = typeof foreignId === "number" || (typeof foreignId === "string" && foreignId.length <= 200) ? foreignId : null;
  if (foreignId !== undefined && foreignId !== null && id === null)
    return fault(null, refuse("FRAME_INVALID", '"id" is a number or a short text.').refusal);
  const frame = parseFields(fields, id);
  return frame.ok ? { ok: true, frame: frame.value } : fault(id, frame.refusal);
}

function parseFields(fields: Record<string, unknown>, id: RequestId | null): Result<ClientFrame> {
  switch (fields["t"]) {
    case "subscribe":
      return parseSubscribe(fields, id);
    case "unsubscribe": {
      const { filter = null } = fields;
      if (filter !== null && typeof filter !== "string") return refuse("PARAMS_INVALID", '"filter" is text.');
      if (filter === null && id === null) return refuse("PARAMS_INVALID", 'Say which: the "filter", or the "id" it was subscribed with.');
      return accept({ t: "unsubscribe", id, filter });
    }
    case "publish":
      return parsePublish(fields, id);
    case "ping":
      return accept({ t: "ping", id });
    default:
      return refuse("FRAME_INVALID", '"t" is one of subscribe, unsubscribe, publish, ping.');
  }
}

function parseSubscribe(fields: Record<string, unknown>, id: RequestId | null): Result<ClientFrame> {
  const { filter, after = null, binary = "base64", mark = false } = fields;
  if (typeof filter !== "string") return refuse("PARAMS_INVALID", 'A subscription needs a "filter", which is text.');
  if (after !== null && !(Number.isSafeInteger(after) && (after as number) >= 0))
    return refuse("PARAMS_INVALID", '"after" is the seq of an event, a whole number.');
  if (binary !== "base64" && binary !== "frame") return refuse("PARAMS_INVALID", '"binary" is "base64" or "frame".');
  if (typeof mark !== "boolean" || (mark && id === null)) return refuse("PARAMS_INVALID", '"mark" is true or false, and needs an "id".');
  return accept({ t: "subscribe", id, filter, after: after as number | null, binaryFrames: binary === "frame", mark });
}

function parsePublish(fields: Record<string, unknown>, id: RequestId | null): Result<ClientFrame> {
  const { topic, payload, encoding, contentType = null, ack = false, retain = false } = fields;
  if (typeof topic !== "string") return refuse("PARAMS_INVALID", 'A publication needs a "topic", which is text.');
  if (contentType !== null && (typeof contentType !== "string" || !/^[\u0020-\u007e]{1,256}$/.test(contentType)))
    return refuse("PARAMS_INVALID", '"contentType" is text.');
  if (typeof ack !== "boolean" || typeof retain !== "boolean") return refuse("PARAMS_INVALID", '"ack" and "retain" are true or false.');
  const common = { t: "publish", id, topic, ack, retained: retain } as const;
  if (encoding === "frame") return accept({ ...common, contentType, body: null });
  const parsed = parsePayload(payload, encoding);
  if (!parsed.ok) return parsed;
  return accept({ ...common, contentType: contentType ?? (parsed.value.isJson ? "application/json" : null), body: parsed.value.body });
}

function fault(id: RequestId | null, refusal: Refusal): ParsedFrame {
  return { ok: false, id, refusal };
}
