import { isUtf8 } from "node:buffer";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { HeaderList } from "../contract/event.ts";
import type { HubEvent } from "../hub/ports.ts";
import { bufferOf, textOf } from "./event-json.ts";

/** A CloudEvent (specification 1.0) taken apart: its data as it would travel by itself, and what stands around it. */
export interface CloudEventParts {
  /** Names and values in the words of the specification, without `datacontenttype`. */
  readonly attributes: HeaderList;
  readonly contentType: string | null;
  readonly body: Buffer;
}

const REQUIRED = ["specversion", "id", "source", "type"] as const;

/** The JSON event format §3. Refuses PARAMS_INVALID. */
export function parseCloudEvent(text: string): Result<CloudEventParts> {
  const parsed = parseExact(text);
  return parsed.ok ? fromObject(parsed.value) : parsed;
}

/** The JSON batch format §4; `maxEvents` bounds it. Refuses PARAMS_INVALID for all when one is wrong. */
export function parseCloudEventBatch(text: string, maxEvents: number): Result<readonly CloudEventParts[]> {
  const parsed = parseExact(text);
  if (!parsed.ok) return parsed;
  if (!Array.isArray(parsed.value)) return refuse("PARAMS_INVALID", "A batch of CloudEvents is a JSON array.");
  if (parsed.value.length > maxEvents)
    return refuse("PARAMS_INVALID", `A batch has at most ${maxEvents} events; this one has ${parsed.value.length}.`, { limit: maxEvents });
  const events: CloudEventParts[] = [];
  for (const [index, one] of (parsed.value as unknown[]).entries()) {
    const event = fromObject(one);
    if (!event.ok) return refuse("PARAMS_INVALID", `Event ${index} of the batch: ${event.refusal.message}`, { index });
    events.push(event.value);
  }
  return accept(events);
}

/** The attributes in the HTTP binding's headers (§3.1.3); null when the request is no CloudEvent. Refuses PARAMS_INVALID. */
export function parseCloudEventHeaders(headers: HeaderList): Result<HeaderList | null> {
  const attributes = headers
    .filter(([name]) => name.toLowerCase().startsWith("ce-"))
    .map(([name, value]) => [name.slice(3).toLowerCase(), decodeHeader(value)] as const);
  if (!attributes.some(([name]) => name === "specversion")) return accept(null);
  const fault = faultOf(attributes);
  return fault === null ? accept(attributes) : refuse("PARAMS_INVALID", fault);
}

/** As headers of the HTTP binding (§3.1.3.2: percent-encoded but for printable ASCII without `"` and `%`). */
export function toCloudEventHeaders(attributes: HeaderList): HeaderList {
  return attributes.map(([name, value]) => [`ce-${name}`, value.replace(/[^\u0021\u0023\u0024\u0026-\u007e]/gu, encodeOne)] as const);
}

/** Any event in the JSON format: with its own attributes when it came as a CloudEvent, otherwise with ours. */
export function toCloudEvent(event: HubEvent): string {
  const attributes = Object.fromEntries(attributesOf(event) ?? defaultAttributes(event));
  const head = JSON.stringify({
    ...attributes,
    ...(event.contentType === null ? {} : { datacontenttype: event.contentType }),
    topic: event.topic,
    sequence: String(event.seq),
  });
  return event.body.length === 0 ? head : `${head.slice(0, -1)},${toData(event)}}`;
}

/** Its own, if it came as a CloudEvent. */
function attributesOf({ attributes, head }: HubEvent): HeaderList | null {
  if (attributes !== undefined && faultOf(attributes) === null) return attributes;
  const own = parseCloudEventHeaders(head?.headers ?? []);
  return own.ok ? own.value : null;
}

function defaultAttributes(event: HubEvent): HeaderList {
  return [
    ["specversion", "1.0"],
    ["id", event.id],
    ["source", `/${encodeURI(event.topic)}`],
    ["type", `signalbox.${event.protocol}`],
    ["time", new Date(event.receivedAt).toISOString()],
    ["subject", event.topic],
  ];
}

function toData(event: HubEvent): string {
  const text = textOf(event);
  if (text === null) return `"data_base64":"${bufferOf(event.body).toString("base64")}"`;
  return `"data":${isJsonType(event.contentType) && isJson(text) ? text : JSON.stringify(text)}`;
}

function fromObject(foreign: unknown): Result<CloudEventParts> {
  if (typeof foreign !== "object" || foreign === null || Array.isArray(foreign))
    return refuse("PARAMS_INVALID", "A CloudEvent in JSON is an object.");
  const { data, data_base64: base64, datacontenttype, ...rest } = foreign as Record<string, unknown>;
  const attributes: [string, string][] = [];
  for (const [name, value] of Object.entries(rest)) {
    if (value === null) continue; // JSON format §2.2: the same as not there
    if (!["string", "boolean"].includes(typeof value) && !isRaw(value))
      return refuse("PARAMS_INVALID", `The attribute "${name.slice(0, 40)}" is neither text nor number nor boolean.`);
    attributes.push([name, typeof value === "string" ? value : JSON.stringify(value)]);
  }
  const fault = faultOf(attributes);
  if (fault !== null) return refuse("PARAMS_INVALID", fault);
  if (datacontenttype !== undefined && datacontenttype !== null && typeof datacontenttype !== "string")
    return refuse("PARAMS_INVALID", '"datacontenttype" is not text.');
  const contentType = datacontenttype ?? null;
  if (base64 !== undefined && base64 !== null) {
    if (data !== undefined || typeof base64 !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64))
      return refuse("PARAMS_INVALID", '"data_base64" is base64, and then there is no "data".');
    return accept({ attributes, contentType, body: Buffer.from(base64, "base64") });
  }
  if (data === undefined) return accept({ attributes, contentType, body: Buffer.alloc(0) });
  // §3.1.1: without a content type the data is JSON; text of another type travels as a string.
  if (typeof data === "string" && contentType !== null && !isJsonType(contentType))
    return accept({ attributes, contentType, body: Buffer.from(data) });
  return accept({ attributes, contentType: contentType ?? "application/json", body: Buffer.from(JSON.stringify(data)) });
}

function faultOf(attributes: HeaderList): string | null {
  const values = new Map(attributes);
  const missing = REQUIRED.find((name) => !values.get(name));
  if (missing) return `A CloudEvent needs "${missing}".`;
  if (values.get("specversion") !== "1.0")
    return `CloudEvents ${String(values.get("specversion")).slice(0, 10)} are not understood, only 1.0.`;
  const wrong = attributes.find(([name]) => !/^[a-z0-9]{1,64}$/.test(name));
  return wrong ? `"${wrong[0].slice(0, 40)}" cannot be the name of an attribute: lower-case letters and digits only.` : null;
}

/** JSON whose numbers keep the digits they were written with. */
function parseExact(text: string): Result<unknown> {
  try {
    return accept(JSON.parse(text, keepNumber as (key: string, value: unknown) => unknown) as unknown);
  } catch {
    return refuse("PARAMS_INVALID", "The CloudEvent is not valid JSON.");
  }
}

const exact = JSON as unknown as { rawJSON(source: string): unknown; isRawJSON(value: unknown): boolean };

function keepNumber(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  return typeof value === "number" && context.source !== undefined ? exact.rawJSON(context.source) : value;
}

function isRaw(value: unknown): boolean {
  return exact.isRawJSON(value);
}

export function isJsonType(contentType: string | null): boolean {
  return /^[^;]*[/+]json\s*(?:;|$)/i.test(contentType ?? "");
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function encodeOne(char: string): string {
  return encodeURIComponent(char.isWellFormed() ? char : "\ufffd").replace(
    /^[^%]/,
    (plain) => `%${plain.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** HTTP binding §3.1.3.2, to be read leniently: what is no escape stands for itself; bytes beyond ASCII are UTF-8. */
function decodeHeader(value: string): string {
  const unquoted = /^"(.*)"$/.exec(value)?.[1]?.replace(/\\(.)/g, "$1") ?? value;
  const raw = Buffer.from(unquoted, "latin1");
  const text = isUtf8(raw) ? raw.toString("utf8") : unquoted;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
