import { MAX_SESSION_EVENTS, type SessionEvent } from "../../main/contract/session.ts";
import type { Connection } from "../link/connection.ts";
import { createCell, type Readable } from "./cell.ts";

export interface SessionEventsStore {
  /** Who came, went and was turned away, the oldest first; at most MAX_SESSION_EVENTS. */
  readonly all: Readable<readonly SessionEvent[]>;
}

/** Follows them from the beginning of each connection: a hub that was started anew knows nothing of before. */
export function createSessionEvents(connection: Connection): SessionEventsStore {
  const all = createCell<readonly SessionEvent[]>([]);
  connection.state.subscribe(() => {
    const state = connection.state.get();
    if (state.state !== "open") return;
    let isFirst = true;
    state.client.open(
      "sessionEvents",
      {},
      {
        onItems: (items) => {
          all.set(addSessionEvents(isFirst ? [] : all.get(), items));
          isFirst = false;
        },
        onGap: () => {},
        onEnd: () => {},
      },
    );
  });
  return { all };
}

/** With what is new, and in place of each that is told again what it has become. */
export function addSessionEvents(before: readonly SessionEvent[], items: readonly SessionEvent[]): readonly SessionEvent[] {
  const newest = before.at(-1)?.number ?? 0;
  const again = new Map(items.filter(({ number }) => number <= newest).map((item) => [item.number, item]));
  const kept = again.size === 0 ? before : before.map((one) => again.get(one.number) ?? one);
  return [...kept, ...items.filter(({ number }) => number > newest)].slice(-MAX_SESSION_EVENTS);
}
