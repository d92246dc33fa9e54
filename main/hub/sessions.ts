import { refuse, accept, type Refusal, type Result } from "../contract/errors.ts";
import type { SessionChanges, SessionInfo, SessionList } from "../contract/session.ts";
import type { Clock } from "../platform/clock.ts";
import type { SessionRegistry } from "./ports.ts";
import { Entry, type SessionWatcher } from "./session-entry.ts";
import { createSessionHistory, type SessionHistory } from "./session-history.ts";

/** Everybody who is connected, over all gateways, and those who are away and come back to a session that is kept. */
export interface Sessions extends SessionRegistry {
  readonly history: SessionHistory;
  list(limit: number): SessionList;
  /** Somebody who wants to be told of all, and then of what changes. */
  createFollower(): SessionFollower;
  /** Is anybody's traffic watched? */
  isWatched(): boolean;
  /** Refuses SESSION_NOT_FOUND. */
  watch(id: string, watcher: SessionWatcher): Result<() => void>;
  /** Refuses SESSION_NOT_FOUND. */
  disconnect(id: string): Result<void>;
  /** Disconnects everybody who came in with the key: it is no longer good. */
  endKey(key: string): void;
  /** Ends the sessions that are kept for those who came in with the key: it will not be good again. */
  forgetKey(key: string): void;
}

export interface SessionFollower {
  /** What the follower does not know yet, of at most `limit` sessions; with none changed and none gone, it knows all. */
  next(limit: number): SessionChanges;
}

const ENDED = refuse("SESSION_ENDED", "Somebody ended this session in the inspector.").refusal;

/** Of the sessions through which nothing goes, so many are looked at each time whether something has changed. */
const IDLE_LOOKS = 500;
/** All followers share what was found within this long. */
const REFRESH_MS = 900;

export interface SessionsOptions {
  readonly clock: Pick<Clock, "now" | "monotonic">;
  /** The newest seq in the log. */
  readonly lastSeq: () => number;
}

export function createSessions({ clock, lastSeq }: SessionsOptions): Sessions {
  const connected = new Map<number, Entry>();
  const away = new Map<number, Entry>();
  const history = createSessionHistory({ clock, lastSeq });
  const watched = new Set<SessionWatcher>();
  let nextId = 1;
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let round = 0;

  const find = (id: string): Result<Entry> => {
    const number = /^[0-9a-z]{1,11}$/.test(id) ? Number.parseInt(id, 36) : 0;
    const entry = connected.get(number) ?? away.get(number);
    if (entry) return accept(entry);
    return refuse("SESSION_NOT_FOUND", `There is no session "${id}" any more: its peer has come or gone since. Look again.`, { id });
  };

  const refresh = (): void => {
    if (clock.monotonic() - refreshedAt < REFRESH_MS) return;
    refreshedAt = clock.monotonic();
    round += 1;
    const turns = Math.ceil((connected.size + away.size) / IDLE_LOOKS);
    let index = round;
    for (const entries of [connected, away])
      for (const entry of entries.values()) if (entry.isBusy() || index++ % turns === 0) entry.refresh();
  };

  return {
    history,
    add(peer) {
      const id = nextId++;
      const entries = peer.awaySince === undefined ? connected : away;
      let announced = peer.awaySince !== undefined;
      const note = (kind: "connected" | "disconnected", reason: string | null): void => {
        const { name, protocol, version, remoteAddress, key } = peer.describe();
        history.note(kind, { session: id.toString(36), name, protocol, version, remoteAddress, key }, reason);
      };
      const announce = (): void => {
        if (announced) return;
        announced = true;
        note("connected", null);
      };
      const entry = new Entry(id, peer, clock, (reason) => {
        if (!entries.has(id)) return;
        announce();
        if (entries === connected) note("disconnected", reason);
        entries.delete(id);
      });
      entries.set(id, entry);
      // Many register while they are being made, and can tell who they are only when that is done.
      queueMicrotask(announce);
      return entry;
    },
    noteRefused: (stranger, refusal) => history.noteRefused(stranger, refusal),
    list(limit) {
      const newest = newestOf(connected, limit);
      if (newest.length < limit) newest.push(...newestOf(away, limit - newest.length));
      return { sessions: newest.map((entry) => entry.info()), total: connected.size + away.size };
    },
    createFollower() {
      /** By id, the revision that was told. */
      const told = new Map<number, number>();
      /** Who was told of last time is last in the next, so that each has its turn. */
      let from = 0;
      return {
        next(limit) {
          refresh();
          const gone = [...told.keys()].filter((id) => !connected.has(id) && !away.has(id));
          for (const id of gone) told.delete(id);
          const stale = [connected, away].flatMap((entries) =>
            [...entries.values()].filter(({ id, revision }) => told.get(id) !== revision),
          );
          const start = Math.max(
            0,
            stale.findIndex(({ id }) => id > from),
          );
          const chosen = [...stale.slice(start), ...stale.slice(0, start)].slice(0, limit);
          from = chosen.at(-1)?.id ?? from;
          const changed = chosen.map((entry): SessionInfo => {
            told.set(entry.id, entry.revision);
            return entry.info();
          });
          return { changed, gone: gone.map((id) => id.toString(36)), total: connected.size + away.size };
        },
      };
    },
    isWatched: () => watched.size > 0,
    watch(id, watcher) {
      const found = find(id);
      if (!found.ok) return found;
      const watching = {
        onEvent: watcher.onEvent.bind(watcher),
        onGone() {
          watched.delete(watching);
          watcher.onGone();
        },
      } satisfies SessionWatcher;
      const stop = found.value.watch(watching);
      watched.add(watching);
      return accept(() => {
        watched.delete(watching);
        stop();
      });
    },
    disconnect(id) {
      const found = find(id);
      if (!found.ok) return found;
      found.value.peer.disconnect(ENDED);
      return accept(undefined);
    },
    endKey(key) {
      for (const { peer } of connected.values()) if (peer.describe().key === key) peer.disconnect(toKeyRefusal(key));
    },
    forgetKey(key) {
      for (const { peer } of away.values()) if (peer.describe().key === key) peer.disconnect(toKeyRefusal(key));
    },
  };
}

function toKeyRefusal(key: string): Refusal {
  return refuse("KEY_INVALID", `The key "${key}" has been revoked or switched off, or has expired.`, { key }).refusal;
}

function newestOf(entries: ReadonlyMap<number, Entry>, limit: number): Entry[] {
  return [...entries.values()].slice(-limit).toReversed();
}
