import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { EventPage } from "../../main/contract/calls.ts";
import { connectInspector } from "../../main/contract/inspector.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { openStore } from "../../main/store/open-store.ts";
import { eventually } from "../support/eventually.ts";
import { createLinkPair } from "../support/link-pair.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { appendEvents, startInspectorOver, type TestInspector } from "../support/test-inspector.ts";

/** The inspector over the log on disk, as the program has it. */
async function start(t: TestContext): Promise<Omit<TestInspector, "log">> {
  const folder = tempFolder(t);
  const store = await openStore({
    folder,
    clock: systemClock,
    logger: silentLogger,
    maxQueuedEvents: 100_000,
    maxQueuedBytes: 256 * 1024 * 1024,
  });
  t.after(() => store.close());
  return startInspectorOver(t, store.log);
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("over the log on disk, feeds resume with no gap and no duplicate while thousands of events are committed", async (t) => {
  const hub = await start(t);
  const kinds = range(0, 3).map((kind) => ({ topic: `kind/${kind}`, body: Buffer.from(`{"kind":${kind}}`) }));
  const batch = range(1, 200).map((index) => kinds[index % 4]!);
  for (let round = 0; round < 10; round += 1) await appendEvents(hub.hub, batch);
  const [near, far] = createLinkPair();
  hub.inspector.attach(far, "trusted");
  const client = await connectInspector(near);

  const ended: unknown[] = [];
  const follow = (after: number, filter?: string): { seqs: number[]; gaps: unknown[] } => {
    const reading = { seqs: [] as number[], gaps: [] as unknown[] };
    client.open(
      "events",
      { after, filter },
      {
        onItems: (items) => void reading.seqs.push(...items.map((item) => item.seq)),
        onGap: (gap) => void reading.gaps.push(gap),
        onEnd: (error) => void ended.push(error),
      },
    );
    return reading;
  };
  const readings: { after: number; filter?: string; seqs: number[]; gaps: unknown[] }[] = [];
  for (let round = 0; round < 30; round += 1) {
    if (round % 3 === 0) readings.push({ after: round * 60, ...follow(round * 60) });
    if (round % 5 === 0) readings.push({ after: round * 50, filter: "topic:kind/1", ...follow(round * 50, "topic:kind/1") });
    await appendEvents(hub.hub, batch);
  }
  const ofKind1 = range(1, 8000).filter((seq) => seq % 4 === 1);
  for (const reading of readings) {
    const expected = (reading.filter ? ofKind1 : range(1, 8000)).filter((seq) => seq > reading.after);
    await eventually("it has reached the end", () => reading.seqs.length >= expected.length);
    assert.deepEqual(reading.gaps, []);
    assert.deepEqual(reading.seqs, expected);
  }
  assert.deepEqual(ended, []);
  client.close();
});

test("over the log on disk, REST gives events with their headers, and bodies byte for byte", async (t) => {
  const hub = await start(t);
  const body = randomBytes(10 * 1024 * 1024);
  const head = {
    method: "POST",
    target: "/in/a?b=c",
    httpVersion: "1.1",
    headers: [["X-Odd", "caf\u00e9"]],
    trailers: [],
    remoteAddress: "127.0.0.1",
    publicUrl: "http://localhost/in/a?b=c",
    status: 200,
  } as const;
  const [event] = await appendEvents(hub.hub, [{ body, head, contentType: "image/png" }]);
  const page = (await (await hub.ask("/api/v1/events?after=0")).json()) as EventPage;
  assert.deepEqual(
    [page.events[0]?.id, page.events[0]?.headers, page.events[0]?.size, page.last],
    [event!.id, head.headers, body.length, 1],
  );
  const got = Buffer.from(await (await hub.ask(`/api/v1/events/${event!.id}/body`)).arrayBuffer());
  assert.equal(createHash("sha256").update(got).digest("hex"), createHash("sha256").update(body).digest("hex"));
  assert.equal((await hub.ask("/readyz")).status, 200);
});
