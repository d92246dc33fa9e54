import type { GatewayHub, HubEvent, SessionEntry } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";

/** Who polls: one request after the other, which is one session to whoever looks at who is connected. */
export interface Pollers {
  /** A poll begins; `finish` ends it early. */
  begin(who: Poller, finish: () => void): Poll;
  stop(): void;
}

export interface Poller {
  readonly remoteAddress: string;
  readonly key: string | null;
  readonly filters: readonly string[];
}

export interface Poll {
  noteSent(events: readonly HubEvent[]): void;
  end(): void;
}

interface Known {
  readonly entry: SessionEntry;
  readonly running: Set<() => void>;
  cancelLeave: (() => void) | null;
}

/** Who has not come again for this long is gone. */
const AWAY_MS = 10_000;
/** Of those between two polls; above, one is gone when its poll is over. */
const MAX_RESTING = 1000;

export function createPollers({ hub, clock }: { readonly hub: Pick<GatewayHub, "sessions">; readonly clock: Clock }): Pollers {
  const known = new Map<string, Known>();
  let resting = 0;

  const register = (id: string, { remoteAddress, key, filters }: Poller): Known => {
    const running = new Set<() => void>();
    const entry = hub.sessions.add({
      describe: () => ({
        name: key ?? remoteAddress,
        protocol: "long-poll",
        version: null,
        remoteAddress,
        key,
        queuedEvents: 0,
        queuedBytes: 0,
        subscriptions: filters,
        subscriptionCount: filters.length,
        will: null,
      }),
      disconnect() {
        for (const finish of running) finish();
        leave(id, "it was disconnected from the inspector, or its key was revoked");
      },
    });
    const one: Known = { entry, running, cancelLeave: null };
    known.set(id, one);
    return one;
  };
  const wake = (one: Known): void => {
    if (one.cancelLeave === null) return;
    one.cancelLeave();
    one.cancelLeave = null;
    resting -= 1;
  };
  const leave = (id: string, reason: string): void => {
    const one = known.get(id);
    if (!one) return;
    wake(one);
    known.delete(id);
    one.entry.close(reason);
  };

  return {
    begin(who, finish) {
      const id = JSON.stringify([who.key, who.remoteAddress, who.filters]);
      const one = known.get(id) ?? register(id, who);
      wake(one);
      one.running.add(finish);
      return {
        noteSent: (events) => events.forEach((event) => one.entry.noteSent(event)),
        end() {
          if (!one.running.delete(finish) || one.running.size > 0 || known.get(id) !== one) return;
          if (resting >= MAX_RESTING) return leave(id, "its poll was answered");
          resting += 1;
          one.cancelLeave = clock.after(AWAY_MS, () => leave(id, "it did not poll again"));
        },
      };
    },
    stop() {
      for (const id of known.keys()) leave(id, "the hub or its listener stopped");
    },
  };
}
