import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFilter } from "../../main/contract/filter.ts";
import { MAX_SESSION_EVENTS, type SessionEvent } from "../../main/contract/session.ts";
import { passesSessionEvent, toSessionWords } from "../../renderer/format/session-words.ts";
import { addSessionEvents } from "../../renderer/state/session-events.ts";

const event = (number: number, change: Partial<SessionEvent> = {}): SessionEvent => ({
  number,
  kind: "connected",
  at: 1_700_000_000_000,
  afterSeq: 0,
  session: "1",
  name: "pump-1",
  protocol: "mqtt",
  version: "5",
  remoteAddress: "10.0.0.7",
  key: "cellar",
  code: null,
  reason: null,
  count: 1,
  ...change,
});

test("new ones are added, one that is told again takes its own place, and the oldest fall out", () => {
  const two = addSessionEvents([], [event(1), event(2)]);
  const counted = addSessionEvents(two, [event(2, { count: 5 }), event(3)]);
  assert.deepEqual(
    counted.map(({ number, count }) => [number, count]),
    [
      [1, 1],
      [2, 5],
      [3, 1],
    ],
  );
  const many = addSessionEvents(
    counted,
    Array.from({ length: MAX_SESSION_EVENTS }, (_, at) => event(4 + at)),
  );
  assert.deepEqual([many.length, many[0]!.number], [MAX_SESSION_EVENTS, 4]);
});

test("it is told in words what happened, why, and how often", () => {
  assert.equal(toSessionWords(event(1)), "connected");
  assert.equal(toSessionWords(event(1, { kind: "disconnected" })), "left");
  assert.equal(toSessionWords(event(1, { kind: "disconnected", reason: "it said goodbye" })), "left: it said goodbye");
  assert.equal(toSessionWords(event(1, { kind: "refused", reason: "No.", count: 3 })), "was turned away 3 times: No.");
});

test("the Events page's filter is asked about what a session event has, and what it has not leaves it out", () => {
  const passes = (line: string, change: Partial<SessionEvent> = {}): boolean => {
    const filter = parseFilter(line, 1_700_000_060_000);
    assert.ok(filter.ok);
    return passesSessionEvent(filter.value, event(1, change));
  };
  for (const line of ["", "protocol:mqtt", "pump", "cellar", "after:-5m", "-topic:a/#", "-protocol:sse connected"])
    assert.ok(passes(line), line);
  for (const line of ["protocol:sse", "valve", "topic:#", "source:x", "size:>0", "before:-5m", "-pump", "state:accepted"])
    assert.ok(!passes(line), line);
  assert.ok(passes("state:refused", { kind: "refused" }));
});
