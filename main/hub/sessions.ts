import { refuse, accept, type Result } from "../contract/errors.ts";
import { MAX_SESSION_TOPICS, type SessionFlow, type SessionInfo, type SessionList } from "../contract/session.ts";
import type { Clock } from "../platform/clock.ts";
import type { RegisteredPeer, SessionEntry, SessionRegistry } from "./ports.ts";

/** Everybody who is connected, over all gateways. */
export interface Sessions extends SessionRegistry {
  list(limit: number): SessionList;
  /** Refuses SESSION_NOT_FOUND. */
  disconnect(id: string): Result<void>;
}

const MAX_RECENT_TOPICS = 8;
/** Rates are taken over at least this long. */
const SAMPLE_MS = 900;

export function createSessions(clock: Pick<Clock, "now" | "monotonic">): Sessions {
  const entries = new Map<number, Entry>();
  let nextId = 1;
  return {
    add(peer) {
      const id = nextId++;
      const entry = new Entry(id, peer, clock, () => entries.delete(id));
      entries.set(id, entry);
      return entry;
    },
    list(limit) {
      const newest = [...entries.values()].slice(-limit).toReversed();
      return { sessions: newest.map((entry) => entry.info()), total: entries.size };
    },
    disconnect(id) {
      const entry = /^[0-9a-z]{1,11}$/.test(id) ? entries.get(Number.parseInt(id, 36)) : undefined;
      if (!entry) return refuse("SESSION_NOT_FOUND", `Nobody is connected under "${id}" any more.`, { id });
      entry.peer.disconnect();
      return accept(undefined);
    },
  };
}

/** A class because there is one for each of thousands of peers. */
class Entry implements SessionEntry {
  readonly id: number;
  readonly peer: RegisteredPeer;
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  readonly #forget: () => void;
  readonly #connectedAt: number;
  #received = 0;
  #sent = 0;
  /** The newest last. */
  #topics: string[] | null = null;
  #sampledAt: number;
  #receivedThen = 0;
  #sentThen = 0;
  #receivedRate = 0;
  #sentRate = 0;

  constructor(id: number, peer: RegisteredPeer, clock: Pick<Clock, "now" | "monotonic">, forget: () => void) {
    this.id = id;
    this.peer = peer;
    this.#clock = clock;
    this.#forget = forget;
    this.#connectedAt = clock.now();
    this.#sampledAt = clock.monotonic();
  }

  noteReceived(topic: string): void {
    this.#received += 1;
    const topics = (this.#topics ??= []);
    if (topics.at(-1) === topic) return;
    const before = topics.indexOf(topic);
    if (before >= 0) topics.splice(before, 1);
    else if (topics.length >= MAX_RECENT_TOPICS) topics.shift();
    topics.push(topic);
  }

  noteSent(): void {
    this.#sent += 1;
  }

  close(): void {
    this.#forget();
  }

  info(): SessionInfo {
    this.#sample();
    const { subscriptions, ...said } = this.peer.describe();
    const flow = (count: number, perSecond: number): SessionFlow => ({ count, perSecond: Math.round(perSecond * 10) / 10 });
    return {
      ...said,
      id: this.id.toString(36),
      connectedAt: this.#connectedAt,
      received: flow(this.#received, this.#receivedRate),
      sent: flow(this.#sent, this.#sentRate),
      subscriptions: firstOf(subscriptions, MAX_SESSION_TOPICS),
      topics: (this.#topics ?? []).toReversed(),
    };
  }

  /** Since it was last asked for: who watches asks every second, and nobody else pays for it. */
  #sample(): void {
    const now = this.#clock.monotonic();
    const passedMs = now - this.#sampledAt;
    if (passedMs < SAMPLE_MS) return;
    this.#receivedRate = ((this.#received - this.#receivedThen) * 1000) / passedMs;
    this.#sentRate = ((this.#sent - this.#sentThen) * 1000) / passedMs;
    this.#sampledAt = now;
    this.#receivedThen = this.#received;
    this.#sentThen = this.#sent;
  }
}

function firstOf<T>(all: Iterable<T>, most: number): T[] {
  const first: T[] = [];
  for (const one of all) {
    if (first.length >= most) break;
    first.push(one);
  }
  return first;
}
