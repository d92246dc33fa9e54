import { MAX_SESSION_TOPICS, type SessionFlow, type SessionInfo, type SessionTraffic } from "../contract/session.ts";
import type { Clock } from "../platform/clock.ts";
import type { HubEvent, NewEvent, RegisteredPeer, SessionEntry } from "./ports.ts";

/** Somebody who looks at what goes through one session. */
export interface SessionWatcher {
  onEvent(direction: SessionTraffic["direction"], event: HubEvent): void;
  onGone(): void;
}

const MAX_RECENT_TOPICS = 8;
/** Rates are taken over at least this long. */
const SAMPLE_MS = 900;

/** One peer's session. A class because there is one for each of thousands of peers. */
export class Entry implements SessionEntry {
  readonly id: number;
  readonly peer: RegisteredPeer;
  /** Grows when `refresh` finds something changed. */
  revision = 1;
  readonly #clock: Pick<Clock, "now" | "monotonic">;
  readonly #onClose: (reason: string | null) => void;
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
  #seen = "";
  #watchers: Set<SessionWatcher> | null = null;

  constructor(id: number, peer: RegisteredPeer, clock: Pick<Clock, "now" | "monotonic">, onClose: (reason: string | null) => void) {
    this.id = id;
    this.peer = peer;
    this.#clock = clock;
    this.#onClose = onClose;
    this.#connectedAt = peer.awaySince ?? clock.now();
    this.#sampledAt = clock.monotonic();
  }

  noteReceived(event: HubEvent): void {
    this.#received += 1;
    const { topic } = event;
    const topics = (this.#topics ??= []);
    if (topics.at(-1) !== topic) {
      const before = topics.indexOf(topic);
      if (before >= 0) topics.splice(before, 1);
      else if (topics.length >= MAX_RECENT_TOPICS) topics.shift();
      topics.push(topic);
    }
    if (this.#watchers !== null) for (const watcher of this.#watchers) watcher.onEvent("in", event);
  }

  noteSent(event: HubEvent | NewEvent): void {
    this.#sent += 1;
    if (this.#watchers !== null && "seq" in event) for (const watcher of this.#watchers) watcher.onEvent("out", event);
  }

  close(reason: string | null = null): void {
    const watchers = this.#watchers ?? [];
    this.#watchers = null;
    this.#onClose(reason);
    for (const watcher of watchers) watcher.onGone();
  }

  watch(watcher: SessionWatcher): () => void {
    this.#watchers ??= new Set();
    this.#watchers.add(watcher);
    return () => {
      this.#watchers?.delete(watcher);
      if (this.#watchers?.size === 0) this.#watchers = null;
    };
  }

  info(): SessionInfo {
    this.#sample();
    const { subscriptions, ...said } = this.peer.describe();
    const flow = (count: number, perSecond: number): SessionFlow => ({ count, perSecond: Math.round(perSecond * 10) / 10 });
    return {
      ...said,
      id: this.id.toString(36),
      connected: this.peer.awaySince === undefined,
      connectedAt: this.#connectedAt,
      received: flow(this.#received, this.#receivedRate),
      sent: flow(this.#sent, this.#sentRate),
      subscriptions: firstOf(subscriptions, MAX_SESSION_TOPICS),
      topics: (this.#topics ?? []).toReversed(),
    };
  }

  /** Something went through lately: its figures move. */
  isBusy(): boolean {
    return this.#received !== this.#receivedThen || this.#sent !== this.#sentThen || this.#receivedRate > 0 || this.#sentRate > 0;
  }

  /** Looks whether anything has changed since it was looked at last. */
  refresh(): void {
    this.#sample();
    const { queuedEvents, queuedBytes, subscriptions, subscriptionCount, version } = this.peer.describe();
    const newest = firstOf(subscriptions, MAX_SESSION_TOPICS).at(-1) ?? "";
    const flows = `${this.#received} ${this.#sent} ${this.#receivedRate} ${this.#sentRate}`;
    const seen = `${flows} ${queuedEvents} ${queuedBytes} ${subscriptionCount} ${version} ${newest}`;
    if (seen === this.#seen) return;
    this.#seen = seen;
    this.revision += 1;
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
