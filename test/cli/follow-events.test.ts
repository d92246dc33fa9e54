import assert from "node:assert/strict";
import { test } from "node:test";
import { followEvents } from "../../main/cli/follow-events.ts";
import type { EventPage, EventQuery } from "../../main/contract/calls.ts";
import { RefusalError, type Refusal } from "../../main/contract/errors.ts";
import type { EventSummary } from "../../main/contract/event.ts";
import type { FeedHandlers, InspectorClient } from "../../main/contract/inspector.ts";

const GONE: Refusal = { code: "HUB_UNREACHABLE", message: "gone" };

const eventAt = (seq: number) => ({ seq }) as EventSummary;
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => eventAt(from + index));

/** A hub of which only the feed and the query matter. `page` is how many events one query gives. */
function createHub({ last = 0, logId = "log", page = 1000 }: { last?: number; logId?: string; page?: number } = {}) {
  const opened = Promise.withResolvers<{ after: number; feed: FeedHandlers<"events"> }>();
  const queries: number[] = [];
  const client: InspectorClient = {
    welcome: { hubVersion: "1", logId, lastSeq: last },
    call: (_name: string, { after = 0 }: EventQuery): Promise<never> => {
      queries.push(after);
      const events = range(after + 1, Math.min(last, after + page));
      const answer: EventPage = { events, cursor: after + events.length, last, more: after + events.length < last };
      return Promise.resolve(answer as never);
    },
    open: (_name, params, handlers) => {
      opened.resolve({ after: (params as { after: number }).after, feed: handlers as unknown as FeedHandlers<"events"> });
      return { close: () => undefined };
    },
    onClose: () => () => undefined,
    close: () => undefined,
  };
  return { client, opened: opened.promise, queries };
}

function follow(connections: (InspectorClient | RefusalError)[], after?: number) {
  const seen: number[] = [];
  const notices: string[] = [];
  const stop = new AbortController();
  const done = followEvents({
    connect: () => {
      const next = connections.shift();
      return next && !(next instanceof RefusalError) ? Promise.resolve(next) : Promise.reject(next ?? new RefusalError(GONE));
    },
    filter: undefined,
    after,
    onEvents: (events) => {
      seen.push(...events.map(({ seq }) => seq));
      return Promise.resolve();
    },
    onNotice: (message) => notices.push(message),
    stop: stop.signal,
  });
  return { seen, notices, stop, done };
}

test("it follows from now on unless told, and ends when stopped", async () => {
  const hub = createHub({ last: 41 });
  const { seen, stop, done } = follow([hub.client]);
  const { after, feed } = await hub.opened;
  assert.equal(after, 41);
  await feed.onItems([eventAt(42), eventAt(43)]);
  stop.abort();
  await done;
  assert.deepEqual(seen, [42, 43]);
});

test("a gap is filled by call, page by page, and what comes twice is shown once", async () => {
  const hub = createHub({ last: 25, page: 10 });
  const { seen, stop, done } = follow([hub.client], 0);
  const { feed } = await hub.opened;
  await feed.onItems(range(1, 2));
  await feed.onGap({ from: 3, to: 20 });
  await feed.onItems(range(21, 26));
  stop.abort();
  await done;
  assert.deepEqual(hub.queries, [2, 12]);
  assert.deepEqual(
    seen,
    range(1, 26).map(({ seq }) => seq),
  );
});

test("after a lost connection it tries until the hub is back, and goes on after the last event seen", async () => {
  const before = createHub({ last: 5 });
  const later = createHub({ last: 9 });
  const { seen, notices, stop, done } = follow([before.client, new RefusalError(GONE), new RefusalError(GONE), later.client]);
  const first = await before.opened;
  await first.feed.onItems([eventAt(6)]);
  first.feed.onEnd(GONE);
  const second = await later.opened;
  assert.equal(second.after, 6);
  await second.feed.onItems(range(6, 9));
  stop.abort();
  await done;
  assert.deepEqual(seen, [6, 7, 8, 9]);
  assert.equal(notices.length, 2);
});

test("a hub that comes back with another log is followed from its beginning", async () => {
  const before = createHub({ last: 50, logId: "old" });
  const later = createHub({ last: 2, logId: "new" });
  const { stop, done, notices } = follow([before.client, later.client]);
  (await before.opened).feed.onEnd(GONE);
  assert.equal((await later.opened).after, 0);
  assert.match(notices.at(-1) ?? "", /another log/);
  stop.abort();
  await done;
});

test("a refusal that trying again cannot mend ends it", async () => {
  const hub = createHub();
  const { done } = follow([hub.client]);
  (await hub.opened).feed.onEnd({ code: "FILTER_INVALID", message: "no such field" });
  await assert.rejects(done, { code: "FILTER_INVALID" });

  const other = createHub();
  const again = follow([other.client, new RefusalError({ code: "TOKEN_INVALID", message: "another token" })]);
  (await other.opened).feed.onEnd(GONE);
  await assert.rejects(again.done, { code: "TOKEN_INVALID" });
});

test("when no hub answers at first, it does not wait", async () => {
  await assert.rejects(follow([]).done, { code: "HUB_UNREACHABLE" });
});

test("an event that could not be shown is shown again after the reconnect", async () => {
  const before = createHub({ last: 0 });
  const later = createHub({ last: 1 });
  const connections = [before.client, later.client];
  const seen: number[] = [];
  const stop = new AbortController();
  let failures = 1;
  const done = followEvents({
    connect: () => Promise.resolve(connections.shift()!),
    filter: undefined,
    after: 0,
    onEvents: (events) => {
      if (failures-- > 0) return Promise.reject(new RefusalError(GONE)); // its body could not be fetched
      seen.push(...events.map(({ seq }) => seq));
      return Promise.resolve();
    },
    onNotice: () => undefined,
    stop: stop.signal,
  });
  await (await before.opened).feed.onItems([eventAt(1)]);
  const second = await later.opened;
  assert.equal(second.after, 0);
  await second.feed.onItems([eventAt(1)]);
  stop.abort();
  await done;
  assert.deepEqual(seen, [1]);
});
