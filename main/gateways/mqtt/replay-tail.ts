import type { GatewayHub } from "../../hub/ports.ts";
import type { Persistence } from "./persistence.ts";
import type { Sessions } from "./sessions.ts";

/**
 * After a crash, gives the sessions what was committed after their rows were written last: the log is ahead of them, and
 * nothing acknowledged may be missing from an offline queue.
 */
export async function replayTail(hub: GatewayHub, givenOut: number, persistence: Persistence, sessions: Sessions): Promise<void> {
  const filters = [...new Set([...persistence.allSubscriptions()].map(([, { topic }]) => topic.replace(/^\$share\/[^/]+\//, "")))];
  if (filters.length === 0) return;
  let after = givenOut;
  const end = hub.lastSeq();
  while (after < end) {
    const slice = await hub.read({ after, filters, maxEvents: 500, maxBytes: 8 * 1024 * 1024 });
    if (!slice.ok) throw new Error(`The log could not be read: ${slice.refusal.message}`);
    for (const event of slice.value.events) if (event.seq <= end) sessions.replay(event);
    if (slice.value.cursor <= after) return;
    after = slice.value.cursor;
  }
}
