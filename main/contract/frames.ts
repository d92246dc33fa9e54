import type { Refusal } from "./errors.ts";
import type { Gap } from "./feeds.ts";

/**
 * The wire between hub and inspector, whole. Text frames of JSON, the same over a MessagePort and a WebSocket.
 * A client begins with `hello`; ids are the client's, unique among what is open on the link.
 */
export const CONTRACT_VERSION = 1;

export type ClientFrame =
  | { readonly t: "hello"; readonly version: number; readonly token?: string }
  | { readonly t: "call"; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly t: "open"; readonly id: number; readonly feed: string; readonly params: unknown }
  | { readonly t: "close"; readonly id: number }
  /** "I have dealt with one `items` or `gap` frame of this feed": the hub sends at most FEED_WINDOW unanswered ones. */
  | { readonly t: "taken"; readonly id: number };

export type HubFrame =
  | { readonly t: "welcome"; readonly version: number; readonly hubVersion: string; readonly logId: string; readonly lastSeq: number }
  | { readonly t: "result"; readonly id: number; readonly result: unknown }
  | { readonly t: "failure"; readonly id: number; readonly error: Refusal }
  /** The feed is open; for `events`, everything after `seq` will come. */
  | { readonly t: "opened"; readonly id: number; readonly seq: number }
  | { readonly t: "items"; readonly id: number; readonly items: readonly unknown[] }
  | ({ readonly t: "gap"; readonly id: number } & Gap)
  | { readonly t: "ended"; readonly id: number; readonly error: Refusal | null }
  /** The link itself is refused and closes after this. */
  | { readonly t: "goodbye"; readonly error: Refusal };

export const FEED_WINDOW = 8;
