import assert from "node:assert/strict";
import { test } from "node:test";
import { refuse } from "../../main/contract/errors.ts";
import type { Hub } from "../../main/hub/hub.ts";
import type { AppendOutcome, NewEvent, PeerDescription } from "../../main/hub/ports.ts";
import { eventually } from "../support/eventually.ts";
import { newEvent } from "../support/new-event.ts";
import { createTestHub } from "../support/test-hub.ts";

const SOMEBODY: PeerDescription = {
  name: "somebody",
  protocol: "mqtt",
  version: "5",
  remoteAddress: "127.0.0.1",
  key: null,
  queuedEvents: 0,
  queuedBytes: 0,
  subscriptions: [],
  subscriptionCount: 0,
  will: null,
};
const UNANSWERED = { qos: 0, unanswered: true } as const;

function ingest(hub: Hub, event: NewEvent): Promise<AppendOutcome> {
  return new Promise((resolve) => hub.ingest(event, resolve));
}

/** Somebody who takes events ahead, and somebody who does not; what each was given. */
function follow(hub: Hub): { readonly soon: string[]; readonly later: string[] } {
  const soon: string[] = [];
  const later: string[] = [];
  const textOf = (event: NewEvent): string => String(event.body);
  const first = hub.createSubscriber<null>(
    (event) => soon.push(`${textOf(event)} stored`),
    (event) => soon.push(textOf(event)),
  );
  assert.ok(first.subscribe("t/#", null).ok);
  assert.ok(hub.subscribe("t/#", (event) => later.push(textOf(event))).ok);
  return { soon, later };
}

const body = (text: string): Partial<NewEvent> => ({ topic: "t/x", body: Buffer.from(text) });

test("an unanswered event is given while it is stored to those who take it so, and to all others after its commit; once to each", async () => {
  const { hub, log } = createTestHub();
  const { soon, later } = follow(hub);
  log.hold();
  const stored = ingest(hub, newEvent({ ...body("a"), ...UNANSWERED }));
  assert.deepEqual([soon, later], [["a"], []]);
  log.release();
  assert.ok((await stored).ok);
  await eventually("everybody has it", () => later.length === 1);
  assert.deepEqual([soon, later], [["a"], ["a"]]);
});

test("an unanswered event overtakes none that came before it", async () => {
  const { hub, log } = createTestHub();
  const { soon, later } = follow(hub);
  log.hold();
  const all = [
    ingest(hub, newEvent({ ...body("a"), qos: 1 })),
    ingest(hub, newEvent({ ...body("b"), ...UNANSWERED })),
    ingest(hub, newEvent({ ...body("c"), ...UNANSWERED })),
  ];
  assert.deepEqual(soon, []);
  log.release();
  await Promise.all(all);
  await eventually("everybody has all", () => later.length === 3);
  assert.deepEqual(soon, ["a stored", "b stored", "c stored"]);
  await ingest(hub, newEvent({ ...body("d"), ...UNANSWERED }));
  assert.deepEqual(soon.slice(3), ["d"], "with nothing before it, it need not wait");
});

test("one that comes while an event that was stored is given out does not overtake it either", async () => {
  const { hub } = createTestHub();
  const { soon } = follow(hub);
  hub.ingest(newEvent({ ...body("a"), qos: 1 }), () => hub.ingest(newEvent({ ...body("b"), ...UNANSWERED }), () => undefined));
  await eventually("both were given", () => soon.length === 2);
  assert.deepEqual(soon, ["a stored", "b stored"]);
});

test("after an event was refused, those that come need not wait for it", async () => {
  const { hub, log } = createTestHub();
  const { soon } = follow(hub);
  log.refuseWith(refuse("STORE_FULL", "full").refusal);
  assert.ok(!(await ingest(hub, newEvent({ ...body("a"), qos: 1 }))).ok);
  log.refuseWith(null);
  await ingest(hub, newEvent({ ...body("b"), ...UNANSWERED }));
  assert.deepEqual(soon, ["b"]);
});

test("what the log refuses at once, and what will be retained, is given to nobody ahead", async () => {
  const { hub, log } = createTestHub();
  const { soon, later } = follow(hub);
  log.refuseWith(refuse("STORE_FULL", "full").refusal);
  assert.ok(!(await ingest(hub, newEvent({ ...body("a"), ...UNANSWERED }))).ok);
  log.refuseWith(null);
  await ingest(hub, newEvent({ ...body("b"), ...UNANSWERED, retained: true }));
  await eventually("the retained one was given", () => later.length === 1);
  assert.deepEqual(soon, ["b stored"]);
});

test("while a session is watched every event waits for its seq, by which it is shown", async () => {
  const { hub, log } = createTestHub();
  const { soon } = follow(hub);
  const entry = hub.sessions.add({ describe: () => SOMEBODY, disconnect: () => undefined });
  const { id } = hub.sessions.list(1).sessions[0]!;
  const watched = hub.sessions.watch(id, { onEvent: () => undefined, onGone: () => undefined });
  assert.ok(watched.ok);
  log.hold();
  const first = ingest(hub, newEvent({ ...body("a"), ...UNANSWERED }));
  assert.deepEqual(soon, []);
  log.release();
  await first;
  watched.value();
  await eventually("it was given", () => soon.length === 1);
  await ingest(hub, newEvent({ ...body("b"), ...UNANSWERED }));
  assert.deepEqual(soon, ["a stored", "b"]);
  entry.close();
});
