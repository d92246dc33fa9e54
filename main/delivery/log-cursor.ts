import type { GatewayHub, HubEvent } from "../hub/ports.ts";

/** Read from the log at once, ahead of what can be sent. */
const AHEAD_EVENTS = 128;
const AHEAD_BYTES = 1024 * 1024;

/** One endpoint's way through the log: what it is owed next, read a little ahead. */
export interface LogCursor {
  /** Up to here, all that is owed has been taken. */
  readonly taken: number;
  /** Events up to the newest that may match and have not been looked at. */
  readonly behind: number;
  /** The next event; null when `fill` has to be asked first. */
  take(): HubEvent | null;
  /** Is there something for `fill` to read? */
  readonly hasMore: boolean;
  /** Reads on; rejects when the log cannot be read. */
  fill(): Promise<void>;
  /** Goes on with other filters, from `from` or from where it is. */
  follow(filters: readonly string[], from?: number): void;
  close(): void;
}

/** `onMore` is called when there is more after there was none. */
export function openLogCursor(hub: GatewayHub, filters: readonly string[], from: number, onMore: () => void): LogCursor {
  let wanted = filters;
  /** Read, and not taken. */
  let ahead: HubEvent[] = [];
  let readTo = from;
  /** The newest that matches, or may. */
  let newest = hub.lastSeq();
  let generation = 0;
  let unsubscribe: (() => void)[] = [];

  function subscribe(): void {
    for (const stop of unsubscribe) stop();
    const subscriber = hub.createSubscriber<null>((event) => {
      // Nothing before it matched, so that nothing before it need be looked at.
      if (readTo >= newest) readTo = Math.max(readTo, event.seq - 1);
      newest = event.seq;
      onMore();
    });
    unsubscribe = wanted.flatMap((filter) => {
      const subscribed = subscriber.subscribe(filter, null);
      return subscribed.ok ? [subscribed.value] : [];
    });
  }
  subscribe();

  const cursor: LogCursor = {
    get taken() {
      return ahead[0] === undefined ? readTo : ahead[0].seq - 1;
    },
    get behind() {
      return Math.max(0, newest - cursor.taken);
    },
    take: () => ahead.shift() ?? null,
    get hasMore() {
      return ahead.length === 0 && readTo < newest;
    },
    async fill() {
      const began = generation;
      const slice = await hub.read({ after: readTo, filters: wanted, maxEvents: AHEAD_EVENTS, maxBytes: AHEAD_BYTES });
      if (began !== generation) return;
      if (!slice.ok) throw new Error(slice.refusal.message);
      ahead.push(...slice.value.events);
      readTo = Math.max(readTo, slice.value.cursor);
    },
    follow(next, at = cursor.taken) {
      generation += 1;
      wanted = next;
      ahead = [];
      readTo = at;
      newest = hub.lastSeq();
      subscribe();
    },
    close() {
      for (const stop of unsubscribe) stop();
    },
  };
  return cursor;
}
