import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createEventFeed, type EventFeed } from "../../renderer/state/event-feed.ts";
import { MAX_SLICE } from "../../renderer/state/event-slice.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeHub } from "../support/fake-inspector-client.ts";

type FakeHub = ReturnType<typeof createFakeHub>;

async function follow(t: TestContext, stored: number): Promise<{ hub: FakeHub; feed: EventFeed }> {
  const hub = createFakeHub(stored);
  const feed = createEventFeed(hub.connection);
  t.after(() => feed.stop());
  hub.connect();
  await eventually("the first page is shown", () => feed.view.get().status === "ready");
  return { hub, feed };
}

const seqs = (feed: EventFeed): number[] => feed.view.get().slice.events.map((event) => event.seq);
const newest = (feed: EventFeed, seq: number): Promise<true> => eventually(`#${seq} is shown`, () => seqs(feed).at(-1) === seq);
/** Every number from the first to the last, none twice. */
function assertWhole(feed: EventFeed, from: number, to: number): void {
  assert.deepEqual(
    seqs(feed),
    Array.from({ length: to - from + 1 }, (_, at) => from + at),
  );
}

test("the newest page is shown and what comes is added to it", async (t) => {
  const { hub, feed } = await follow(t, 1000);
  assertWhole(feed, 801, 1000);
  await hub.append(3);
  await newest(feed, 1003);
  assertWhole(feed, 801, 1003);
});

test("a burst of any size leaves the slice bounded and whole", async (t) => {
  const { hub, feed } = await follow(t, 10);
  for (let at = 0; at < 40; at += 1) await hub.append(500);
  await newest(feed, 20_010);
  assertWhole(feed, 20_010 - MAX_SLICE + 1, 20_010);
});

test("a paused list does not change, counts, and has everything when it goes on", async (t) => {
  const { hub, feed } = await follow(t, 10);
  feed.hold("pause");
  await hub.append(5);
  await eventually("five are counted", () => feed.view.get().newCount === 5);
  assertWhole(feed, 1, 10);
  feed.release("pause");
  assertWhole(feed, 1, 15);
  assert.equal(feed.view.get().newCount, 0);
});

test("after a long pause the newest are shown, and scrolling back reaches all of the rest", async (t) => {
  const { hub, feed } = await follow(t, 10);
  feed.hold("pause");
  for (let at = 0; at < 6; at += 1) await hub.append(500);
  await eventually("all are counted", () => feed.view.get().newCount === 3000);
  feed.goLive();
  assertWhole(feed, 2011, 3010);
  for (let pages = 0; !feed.view.get().slice.atOldest; pages += 1) {
    assert.ok(pages < 20);
    feed.loadOlder();
    await eventually("the page is here", () => !feed.view.get().loadingOlder);
  }
  assertWhole(feed, 1, 3010);
});

test("scrolling up after much has come loads it page by page until the list is live again", async (t) => {
  const { hub, feed } = await follow(t, 10);
  feed.hold("scroll");
  for (let at = 0; at < 4; at += 1) await hub.append(500);
  await eventually("all are counted", () => feed.view.get().newCount === 2000);
  for (let pages = 0; seqs(feed).at(-1)! < 1010; pages += 1) {
    assert.ok(pages < 20);
    const before = seqs(feed).at(-1);
    feed.loadNewer();
    await eventually("a newer page is here", () => seqs(feed).at(-1) !== before);
  }
  feed.release("scroll");
  await newest(feed, 2010);
  assertWhole(feed, 1, 2010);
  assert.equal(feed.view.get().mode, "live");
});

test("a gap in the feed is filled by asking", async (t) => {
  const { hub, feed } = await follow(t, 10);
  await hub.append(200, "gap");
  await hub.append(1);
  await newest(feed, 211);
  assertWhole(feed, 1, 211);
});

test("a gap too wide to fill leaves no hole: the list begins anew behind it", async (t) => {
  const { hub, feed } = await follow(t, 10);
  await hub.append(5000, "gap");
  await hub.append(1);
  await newest(feed, 5011);
  assertWhole(feed, 4011, 5011);
  feed.loadOlder();
  await eventually("the page is here", () => seqs(feed)[0] === 3511);
});

test("what was missed while the hub was away is there after it comes back", async (t) => {
  const { hub, feed } = await follow(t, 10);
  hub.disconnect();
  await hub.append(20, "nothing");
  hub.connect();
  await newest(feed, 30);
  await hub.append(1);
  await newest(feed, 31);
  assertWhole(feed, 1, 31);
});

test("a paused list that loses its hub still counts what it missed", async (t) => {
  const { hub, feed } = await follow(t, 10);
  feed.hold("pause");
  await hub.append(2);
  await eventually("two are counted", () => feed.view.get().newCount === 2);
  hub.disconnect();
  await hub.append(20, "nothing");
  hub.connect();
  await eventually("all are counted", () => feed.view.get().newCount === 22);
  assertWhole(feed, 1, 10);
  feed.goLive();
  assertWhole(feed, 1, 32);
});

test("a place far back is shown with what lies around it, and the list leads on from there both ways", async (t) => {
  const { feed } = await follow(t, 5000);
  await feed.showAround(1000);
  assertWhole(feed, 801, 1200);
  feed.loadNewer();
  await eventually("newer ones are here", () => seqs(feed).at(-1) === 1700);
  feed.goLive();
  await eventually("the newest are shown", () => seqs(feed).at(-1) === 5000);
});

test("an answer to an earlier filter is thrown away", async (t) => {
  const { hub, feed } = await follow(t, 300);
  feed.setFilter("source:a");
  feed.setFilter("source:b");
  await eventually("the list is shown again", () => feed.view.get().status === "ready");
  assert.equal(hub.queries.at(-1)!.filter, "source:b");
  assertWhole(feed, 101, 300);
});
