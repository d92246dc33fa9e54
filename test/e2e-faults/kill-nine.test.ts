import assert from "node:assert/strict";
import { test } from "node:test";
import { createInspectorApi, type InspectorApi } from "../support/inspector-api.ts";
import { startHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startWebhookLoad, type Answered } from "../support/webhook-load.ts";

const ROUNDS = 10;
const CONNECTIONS = 16;

test("after each of ten kill -9 under load, every acknowledged webhook is there once, in order, and intake goes on", async (t) => {
  const folder = tempFolder(t);
  const answered: Answered[] = [];
  const sent = new Set<string>();

  for (let round = 0; round < ROUNDS; round += 1) {
    const hub = await startHub({ dataFolder: folder });
    try {
      await checkLog(createInspectorApi(hub), answered, sent);
      const load = startWebhookLoad(`${hub.ingress}/in/load`, CONNECTIONS, `r${round}`);
      // Never at the same moment: from the first answers to well into the load.
      const enough = 20 + round * 40;
      await load.reaches(enough);
      await hub.kill();
      await load.ended;
      assert.ok(load.answered.length >= enough, `the hub ended by itself after ${load.answered.length} answers: ${hub.stderr()}`);
      const last = answered.at(-1)?.seq ?? 0;
      assert.ok(
        load.answered.every(({ seq }) => seq > last),
        "a seq was used again",
      );
      answered.push(...load.answered.toSorted((a, b) => a.seq - b.seq));
      for (const marker of load.sent) sent.add(marker);
    } finally {
      await hub.kill();
    }
  }

  const hub = await startHub({ dataFolder: folder });
  try {
    const api = createInspectorApi(hub);
    await checkLog(api, answered, sent);
    for (const { id, marker } of answered.filter((_, index) => index % 5 === 0)) {
      assert.equal((JSON.parse(String(await api.body(id))) as { marker: string }).marker, marker);
    }
    assert.equal(await hub.stop(), 0);
  } finally {
    await hub.kill();
  }
});

/** Holds the whole log against what was answered: id, seq and marker of each; nothing twice; nothing that was not sent. */
async function checkLog(api: InspectorApi, answered: readonly Answered[], sent: ReadonlySet<string>): Promise<void> {
  const events = await api.allEvents();
  const byMarker = new Map<string, { id: string; seq: number }>();
  let lastSeq = 0;
  for (const { id, seq, preview } of events) {
    assert.ok(seq > lastSeq, `seq ${seq} after ${lastSeq}`);
    lastSeq = seq;
    const marker = /"marker":"([^"]+)"/.exec(preview ?? "")?.[1];
    assert.ok(marker !== undefined && sent.has(marker), `seq ${seq} was never sent: ${preview}`);
    assert.ok(!byMarker.has(marker), `${marker} is there twice`);
    byMarker.set(marker, { id, seq });
  }
  for (const { id, seq, marker } of answered) assert.deepEqual(byMarker.get(marker), { id, seq }, `${marker} was acknowledged`);
}
