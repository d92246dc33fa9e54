import { ERRORS, accept, refuse, type ErrorCode, type Refusal, type Result } from "./errors.ts";
import type { ClientFrame, HubFrame } from "./frames.ts";

/**
 * Frames to text and back. What comes in is foreign: `parse…` checks every member, copies only what the frame has, and
 * refuses with FRAME_INVALID; it never throws. `params`, `result` and items stay unknown here: each has its own parser.
 */
export function encodeFrame(frame: ClientFrame | HubFrame): string {
  return JSON.stringify(frame);
}

export function parseClientFrame(text: string): Result<ClientFrame> {
  return parse(text, readClientFrame);
}

export function parseHubFrame(text: string): Result<HubFrame> {
  return parse(text, readHubFrame);
}

type Members = Readonly<Record<string, unknown>>;

/** Tokens are longer than any that the hub gives out only when somebody plays with it. */
const MAX_TOKEN_CHARS = 1024;
const MAX_NAME_CHARS = 64;

/** The typed frame, or which member is wrong and what it should be. */
function readClientFrame(frame: Members): ClientFrame | string {
  const { t, id } = frame;
  if (t === "hello") {
    const { version, token } = frame;
    if (!isCount(version)) return "hello.version must be a whole number";
    if (token === undefined) return { t, version };
    return isText(token, MAX_TOKEN_CHARS) ? { t, version, token } : `hello.token must be text of at most ${MAX_TOKEN_CHARS} characters`;
  }
  if (t !== "call" && t !== "open" && t !== "close" && t !== "taken") return 't must be "hello", "call", "open", "close" or "taken"';
  if (!isCount(id)) return `${t}.id must be a whole number`;
  switch (t) {
    case "call": {
      const { name, params } = frame;
      return isText(name, MAX_NAME_CHARS) ? { t, id, name, params } : "call.name must be text";
    }
    case "open": {
      const { feed, params } = frame;
      return isText(feed, MAX_NAME_CHARS) ? { t, id, feed, params } : "open.feed must be text";
    }
    default:
      return { t, id };
  }
}

function readHubFrame(frame: Members): HubFrame | string {
  const { t, id } = frame;
  if (t === "welcome") {
    const { version, hubVersion, logId, lastSeq } = frame;
    if (!isCount(version) || !isCount(lastSeq)) return "welcome.version and welcome.lastSeq must be whole numbers";
    if (typeof hubVersion !== "string" || typeof logId !== "string") return "welcome.hubVersion and welcome.logId must be text";
    return { t, version, hubVersion, logId, lastSeq };
  }
  if (t === "goodbye") {
    const error = readRefusal(frame["error"]);
    return error ? { t, error } : "goodbye.error must have a code and a message";
  }
  if (!isCount(id)) return "id must be a whole number";
  switch (t) {
    case "result":
      return { t, id, result: frame["result"] };
    case "failure": {
      const error = readRefusal(frame["error"]);
      return error ? { t, id, error } : "failure.error must have a code and a message";
    }
    case "opened":
      return isCount(frame["seq"]) ? { t, id, seq: frame["seq"] } : "opened.seq must be a whole number";
    case "items":
      return Array.isArray(frame["items"]) ? { t, id, items: frame["items"] as unknown[] } : "items.items must be a list";
    case "gap": {
      const { from, to } = frame;
      return isCount(from) && isCount(to) ? { t, id, from, to } : "gap.from and gap.to must be whole numbers";
    }
    case "ended": {
      if (frame["error"] === null) return { t, id, error: null };
      const error = readRefusal(frame["error"]);
      return error ? { t, id, error } : "ended.error must be null or have a code and a message";
    }
    default:
      return "t is not a frame of a hub";
  }
}

function parse<T>(text: string, read: (frame: Members) => T | string): Result<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse("FRAME_INVALID", "The frame is not JSON.");
  }
  if (!isMembers(value)) return refuse("FRAME_INVALID", "The frame is not a JSON object.");
  const frame = read(value);
  return typeof frame === "string" ? refuse("FRAME_INVALID", `The frame cannot be understood: ${frame}.`) : accept(frame);
}

/** A code that this side's catalogue does not have (the other is newer) is kept beside INTERNAL. */
function readRefusal(value: unknown): Refusal | null {
  if (!isMembers(value)) return null;
  const { code, message, details } = value;
  if (typeof code !== "string" || typeof message !== "string") return null;
  if (!Object.hasOwn(ERRORS, code)) return { code: "INTERNAL", message, details: { code } };
  const known = code as ErrorCode;
  return isMembers(details) ? { code: known, message, details } : { code: known, message };
}

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isText(value: unknown, maxChars: number): value is string {
  return typeof value === "string" && value.length <= maxChars;
}
