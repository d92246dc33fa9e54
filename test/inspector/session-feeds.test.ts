import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { FeedItem, FeedName, FeedParams, Gap } from "../../main/contract/feeds.ts";
import { connectInspector, type InspectorClient } from "../../main/contract/inspector.ts";
import type { HubEvent, RegisteredPeer } from "../../main/hub/ports.ts";
import { toSummary } from "../../main/hub/event-view.ts";
import { eventually } from "../support/eventually.ts";
import { createLinkPair } from "../support/link-pair.ts";
import { newEvent } from "../support/new-event.ts";
import { startTestInspector, type TestInspector } from "../support/test-inspector.ts";

const peer: RegisteredPeer = {
  describe: () => ({
    name: "pump",
    protocol: "mqtt",
    version: "5",
    remoteAddress: "10.0.0.7",
    key: null,
    queuedEvents: 0,
    queuedBytes: 0,
    subscriptions: [],
    subscriptionCount: 0,
    will: null,
  }),
  disconnect: () => {},
};

async function connect(t: TestContext): Promise<{ hub: TestInspector; client: InspectorClient }> {
  const hub = await startTestInspector(t);
  const [near, far] = createLinkPair();
  hub.inspector.attach(far, "trusted");
  const client = await connectInspector(near);
  t.after(() => client.close());
  return { hub, client };
}

/** What a feed says; while `held` is set, its reader takes no frame. */
function follow<N extends FeedName>(client: InspectorClient, feed: N, params: FeedParams<N>) {
  const items: FeedItem<N>[] = [];
  const gaps: Gap[] = [];
  const ends: (string | null)[] = [];
  let held: Promise<void> | undefined;
  let letGo = (): void => {};
  let opened = false;
  client.open(feed, params, {
    onOpened: () => (opened = true),
    onItems: (more) => {
      items.push(...more);
      return held;
    },
    onGap: (gap) => void gaps.push(gap),
    onEnd: (refusal) => ends.push(refusal?.code ?? null),
  });
  return {
    items,
    gaps,
    ends,
    isOpen: () => opened,
    hold: () => {
      ({ promise: held, resolve: letGo } = Promise.withResolvers<void>());
    },
    release: () => {
      held = undefined;
      letGo();
    },
  };
}

const eventOn = (topic: string, seq: number): HubEvent => ({ ...newEvent({ topic }), seq, id: `memory-${seq.toString(36)}` });

test("a session's traffic comes with its direction until the session is gone", async (t) => {
  const { hub, client } = await connect(t);
  const entry = hub.hub.sessions.add(peer);
  const { id } = hub.hub.sessions.list(1).sessions[0]!;
  const traffic = follow(client, "sessionTraffic", { id });
  await eventually("the feed is open", () => traffic.isOpen());
  const [came, went] = [eventOn("a", 1), eventOn("b", 2)];
  entry.noteReceived(came);
  entry.noteSent(went);
  entry.close();
  await eventually("it has ended", () => traffic.ends.length > 0);
  const { id: logId } = hub.hub.log.status();
  assert.deepEqual(traffic.items, [
    { direction: "in", event: toSummary(came, logId) },
    { direction: "out", event: toSummary(went, logId) },
  ]);
  assert.deepEqual(traffic.ends, [null]);
  const late = follow(client, "sessionTraffic", { id });
  await eventually("nobody is there", () => late.ends[0] === "SESSION_NOT_FOUND");
});

test("more traffic than its reader takes is bounded, and the gap is told", async (t) => {
  const { hub, client } = await connect(t);
  const entry = hub.hub.sessions.add(peer);
  const traffic = follow(client, "sessionTraffic", { id: hub.hub.sessions.list(1).sessions[0]!.id });
  await eventually("the feed is open", () => traffic.isOpen());
  for (let seq = 1; seq <= 1000; seq += 1) entry.noteSent(eventOn("a", seq));
  await eventually("the gap is told", () => traffic.gaps.length > 0);
  assert.deepEqual([traffic.items.length, traffic.items.at(-1)!.event.seq, traffic.gaps], [200, 200, [{ from: 201, to: 1000 }]]);
});

test("who came and went before is told first, then each as it happens, also to a reader that was slow", async (t) => {
  const { hub, client } = await connect(t);
  hub.hub.sessions.add(peer).close("it said goodbye");
  const events = follow(client, "sessionEvents", {});
  await eventually("what was before is told", () => events.items.length === 2);
  events.hold();
  for (let round = 0; round < 30; round += 1) {
    hub.hub.sessions.add(peer).close();
    await eventually("it is told or kept back", () => hub.hub.sessions.history.recent().length === 4 + 2 * round);
  }
  events.release();
  await eventually("all are told", () => events.items.at(-1)?.number === 62);
  const numbers = events.items.map(({ number }) => number);
  assert.deepEqual(
    [...new Set(numbers)],
    Array.from({ length: 62 }, (_, at) => at + 1),
  );
});

test("thousands of sessions come in parts, one after the other, and all of them", async (t) => {
  const { hub, client } = await connect(t);
  for (let at = 0; at < 1100; at += 1) hub.hub.sessions.add(peer);
  const sessions = follow(client, "sessions", {});
  await eventually("all are told", () => new Set(sessions.items.flatMap(({ changed }) => changed.map(({ id }) => id))).size === 1100);
  assert.ok(sessions.items.every(({ changed, total }) => changed.length <= 250 && total === 1100));
});
