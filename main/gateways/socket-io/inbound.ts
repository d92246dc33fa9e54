import { accept, refuse, type Result } from "../../contract/errors.ts";
import { topicFault } from "../../contract/topic.ts";
import { BINARY, parsePayload } from "../event-json.ts";

/** An event's arguments without the function that is called with the answer, and that function. */
export interface Arguments {
  readonly values: readonly unknown[];
  readonly answer: ((reply: unknown) => void) | null;
}

export function splitArguments(args: readonly unknown[]): Arguments {
  const last = args.at(-1);
  return typeof last === "function"
    ? { values: args.slice(0, -1), answer: last as (reply: unknown) => void }
    : { values: args, answer: null };
}

/** `subscribe(filter, after?)` */
export function parseSubscribe([filter, after]: readonly unknown[]): Result<{ readonly filter: string; readonly after: number | null }> {
  if (typeof filter !== "string") return refuse("PARAMS_INVALID", "subscribe(filter, after?, callback): the filter is text.");
  const from = after ?? null;
  if (from !== null && !(Number.isSafeInteger(from) && (from as number) >= 0))
    return refuse("PARAMS_INVALID", '"after" is the seq of an event, a whole number.');
  return accept({ filter, after: from as number | null });
}

export interface Publication {
  readonly topic: string;
  readonly contentType: string | null;
  readonly body: Buffer;
  readonly retained: boolean;
}

/** `publish(topic, payload, { contentType, retain }?)`: text, bytes, or anything else as JSON. */
export function parsePublish([topic, payload, options]: readonly unknown[]): Result<Publication> {
  if (typeof topic !== "string") return refuse("PARAMS_INVALID", "publish(topic, payload, callback): the topic is text.");
  const fault = topicFault(topic);
  if (fault !== null) return refuse("TOPIC_INVALID", `Nothing can be published there: ${fault}.`);
  const { contentType = null, retain = false } = (typeof options === "object" && options !== null ? options : {}) as Record<
    string,
    unknown
  >;
  if (contentType !== null && (typeof contentType !== "string" || !/^[\u0020-\u007e]{1,256}$/.test(contentType)))
    return refuse("PARAMS_INVALID", '"contentType" is text.');
  if (typeof retain !== "boolean") return refuse("PARAMS_INVALID", '"retain" is true or false.');
  if (Buffer.isBuffer(payload)) return accept({ topic, contentType: contentType ?? BINARY, body: payload, retained: retain });
  const parsed = parsePayload(payload, undefined);
  if (!parsed.ok) return parsed;
  const { body, isJson } = parsed.value;
  return accept({ topic, contentType: contentType ?? (isJson ? "application/json" : null), body, retained: retain });
}
