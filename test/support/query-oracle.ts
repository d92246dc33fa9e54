import assert from "node:assert/strict";
import { parseFilter, passesFilter } from "../../main/contract/filter.ts";
import { searchTextOf, toSummary } from "../../main/hub/event-view.ts";
import type { EventLog, HubEvent } from "../../main/hub/ports.ts";

/** The seqs of all events that pass, oldest first, found by looking at each. */
export function expectedSeqs(events: readonly HubEvent[], filter: string, logId: string): number[] {
  const parsed = parseFilter(filter, Date.now());
  assert.ok(parsed.ok, filter);
  return events.filter((event) => passesFilter(parsed.value, toSummary(event, logId), () => searchTextOf(event))).map(({ seq }) => seq);
}

/** The seqs that paging through the log gives, in the order they come. Checks that each page keeps its promises. */
export async function pagedSeqs(log: EventLog, filter: string, direction: "forward" | "back", limit: number): Promise<number[]> {
  const seqs: number[] = [];
  let cursor: number | undefined = direction === "forward" ? 0 : undefined;
  for (;;) {
    const page = await log.query({ filter, limit, ...(direction === "forward" ? { after: cursor } : { before: cursor }) });
    assert.ok(page.ok, filter);
    const { events, more, cursor: next } = page.value;
    assert.ok(events.length <= limit, "a page is no longer than asked for");
    seqs.push(...events.map(({ seq }) => seq));
    if (!more) return seqs;
    assert.ok(cursor === undefined || (direction === "forward" ? next > cursor : next < cursor), `the cursor goes on: ${filter}`);
    cursor = next;
  }
}

/** Fails unless paging in both directions gives exactly what should be found. Says how many events that was. */
export async function assertFinds(log: EventLog, events: readonly HubEvent[], filter: string, limit: number): Promise<number> {
  const expected = expectedSeqs(events, filter, log.status().id);
  assert.deepEqual(await pagedSeqs(log, filter, "forward", limit), expected, `forward: ${filter}`);
  assert.deepEqual((await pagedSeqs(log, filter, "back", limit)).toReversed(), expected, `back: ${filter}`);
  return expected.length;
}
