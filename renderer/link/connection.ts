import type { CallName, CallParams, CallResult } from "../../main/contract/calls.ts";
import { RefusalError, type ErrorCode, type Refusal } from "../../main/contract/errors.ts";
import { connectInspector, type InspectorClient } from "../../main/contract/inspector.ts";
import type { Link } from "../../main/contract/link.ts";
import { createCell, type Readable } from "../state/cell.ts";
import { backOffMs } from "./back-off.ts";

export type ConnectionState =
  | { readonly state: "connecting" }
  | { readonly state: "open"; readonly client: InspectorClient }
  | { readonly state: "lost"; readonly reason: Refusal; readonly retryInMs: number; readonly since: number }
  /** Trying again would be refused again: a person has to do something first. */
  | { readonly state: "refused"; readonly reason: Refusal };

/** Keeps a client to the hub: connects, and connects again with growing pauses when the link is gone. */
export interface Connection {
  readonly state: Readable<ConnectionState>;
  start(): void;
  stop(): void;
  /** At once, not after the pause; also out of `refused`, with a new token. */
  readonly retry: () => void;
  /** Rejects with RefusalError, HUB_UNREACHABLE while there is no link. */
  call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>>;
}

export interface ConnectionOptions {
  readonly openLink: () => Promise<Link>;
  readonly token: () => string | undefined;
  readonly random?: () => number;
  readonly now?: () => number;
}

const FINAL = new Set<ErrorCode>(["TOKEN_REQUIRED", "TOKEN_INVALID", "HOST_REFUSED", "ORIGIN_REFUSED", "FRAME_INVALID", "VERSION_UNKNOWN"]);
const WELCOME_WITHIN_MS = 10_000;

export function createConnection({ openLink, token, random = Math.random, now = Date.now }: ConnectionOptions): Connection {
  const state = createCell<ConnectionState>({ state: "connecting" });
  let attempt = 0;
  let round = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let client: InspectorClient | null = null;

  const lose = (reason: Refusal): void => {
    client = null;
    if (FINAL.has(reason.code)) return state.set({ state: "refused", reason });
    attempt += 1;
    const retryInMs = backOffMs(attempt, random);
    state.set({ state: "lost", reason, retryInMs, since: now() });
    timer = setTimeout(() => void connect(), retryInMs);
  };

  const connect = async (): Promise<void> => {
    clearTimeout(timer);
    round += 1;
    const mine = round;
    if (state.get().state !== "lost") state.set({ state: "connecting" });
    try {
      const link = await openLink();
      const opened = await within(WELCOME_WITHIN_MS, link, connectInspector(link, { token: token() }));
      if (mine !== round) return opened.close();
      client = opened;
      attempt = 0;
      state.set({ state: "open", client });
      opened.onClose((reason) => {
        if (mine === round) lose(reason);
      });
    } catch (error) {
      if (mine === round) lose(toRefusal(error));
    }
  };

  const stop = (): void => {
    clearTimeout(timer);
    round += 1;
    client?.close();
    client = null;
  };

  return {
    state,
    start: () => void connect(),
    stop,
    retry: () => {
      stop();
      attempt = 0;
      state.set({ state: "connecting" });
      void connect();
    },
    call: (name, params) =>
      client?.call(name, params) ??
      Promise.reject(new RefusalError({ code: "HUB_UNREACHABLE", message: "There is no connection to the hub right now." })),
  };
}

/** A hub that accepts the link and then says nothing is not there. */
async function within(limitMs: number, link: Link, entering: Promise<InspectorClient>): Promise<InspectorClient> {
  const timer = setTimeout(() => link.close(1000, "no welcome in time"), limitMs);
  try {
    return await entering;
  } finally {
    clearTimeout(timer);
  }
}

export function toRefusal(error: unknown): Refusal {
  if (error instanceof RefusalError) return { code: error.code, message: error.message, ...(error.details && { details: error.details }) };
  return { code: "INTERNAL", message: error instanceof Error ? error.message : String(error) };
}
