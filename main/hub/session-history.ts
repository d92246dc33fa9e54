import type { Refusal } from "../contract/errors.ts";
import { MAX_SESSION_EVENTS, type SessionEvent } from "../contract/session.ts";
import type { Clock } from "../platform/clock.ts";
import type { Stranger } from "./ports.ts";

/** Who came, went and was turned away lately. In memory only: connections do not outlive the hub either. */
export interface SessionHistory {
  /** The oldest first, those with a number of at least `from`. */
  recent(from?: number): readonly SessionEvent[];
  /** Called with each, and again with one whose count has grown. */
  onEvent(listener: (event: SessionEvent) => void): () => void;
}

export interface SessionRecorder extends SessionHistory {
  note(kind: "connected" | "disconnected", who: Known, reason: string | null): void;
  noteRefused(stranger: Stranger, refusal: Refusal): void;
}

interface Known extends Stranger {
  readonly session: string;
  readonly key: string | null;
}

/** A peer that is turned away again within this long counts as the same. */
const SAME_MS = 10_000;
/** How far back the same is looked for. */
const SAME_WITHIN = 20;

export interface HistoryOptions {
  readonly clock: Pick<Clock, "now">;
  /** The newest seq in the log. */
  readonly lastSeq: () => number;
}

export function createSessionHistory({ clock, lastSeq }: HistoryOptions): SessionRecorder {
  const listeners = new Set<(event: SessionEvent) => void>();
  let events: SessionEvent[] = [];
  let nextNumber = 1;

  const tell = (event: SessionEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const add = (event: Omit<SessionEvent, "number" | "at" | "afterSeq" | "count">): void => {
    const { session, name, protocol, version, remoteAddress, key, kind, code, reason } = event;
    const known = { kind, session, name, protocol, version, remoteAddress, key, code, reason };
    events.push({ ...known, number: nextNumber++, at: clock.now(), afterSeq: lastSeq(), count: 1 });
    if (events.length >= 2 * MAX_SESSION_EVENTS) events = events.slice(-MAX_SESSION_EVENTS);
    tell(events.at(-1)!);
  };

  return {
    note: (kind, who, reason) => add({ ...who, kind, code: null, reason }),
    noteRefused(stranger, { code, message }) {
      const since = clock.now() - SAME_MS;
      const at = events.findLastIndex(
        (one, index) =>
          index >= events.length - SAME_WITHIN &&
          one.code === code &&
          one.at >= since &&
          one.name === stranger.name &&
          one.remoteAddress === stranger.remoteAddress &&
          one.protocol === stranger.protocol,
      );
      const same = events[at];
      if (same === undefined) return add({ ...stranger, session: null, key: null, kind: "refused", code, reason: message });
      events[at] = { ...same, count: same.count + 1 };
      tell(events[at]);
    },
    recent: (from = 0) => events.slice(-MAX_SESSION_EVENTS).filter((one) => one.number >= from),
    onEvent(listener) {
      const own = (event: SessionEvent): void => listener(event);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
}
