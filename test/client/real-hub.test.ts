import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { connectSignalbox } from "../../client/signalbox-client.ts";
import { openCuttableWire } from "../support/cuttable-wire.ts";
import { eventually } from "../support/eventually.ts";
import { startHub } from "../support/run-signalbox.ts";
import { createSeededRandom } from "../support/seeded-random.ts";
import { tempFolder } from "../support/temp-folder.ts";

const PUBLICATIONS = 600;
const KILL_AT = 300;
/** The wire's port is not the hub's, so its name must be allowed. */
const ENV = { SIGNALBOX_ALLOW_HOSTS: "127.0.0.1" };

for (const seed of [1, 2])
  test(`over cuts at random and a kill -9 of the hub nothing acknowledged is lost, and each event comes once and in order (seed ${seed})`, async (t) => {
    const random = createSeededRandom(seed);
    const dataFolder = tempFolder(t);
    let hub = await startHub({ dataFolder, env: ENV });
    t.after(() => hub.stop());
    const port = Number(new URL(hub.ingress).port);
    const wire = await openCuttableWire(t, port);
    let opened = 0;
    const client = connectSignalbox({ url: wire.url, onState: (state) => (opened += state === "open" ? 1 : 0) });
    t.after(() => client.close());
    const got: Record<string, string[]> = { "a/#": [], "a/+/c": [] };
    for (const [filter, seen] of Object.entries(got))
      client.subscribe(filter, ({ seq, payload }) => seen.push(`${seq} ${payload}`), { after: 0 });

    const acknowledged: Promise<string>[] = [];
    for (let n = 0; n < PUBLICATIONS; n += 1) {
      acknowledged.push(client.publish("a/b/c", `n${n}`).then(({ seq }) => `${seq} n${n}`));
      if (random.chance(0.1)) await acknowledged.at(-1);
      if (random.chance(0.02)) wire.cut();
      if (random.chance(0.3)) await nextTurn();
      if (n !== KILL_AT) continue;
      await hub.kill();
      hub = await startHub({ dataFolder, env: { ...ENV, SIGNALBOX_INGRESS: `127.0.0.1:${port}` } });
    }
    const stored = await Promise.all(acknowledged);

    const log = await readLog(hub.ingress);
    const everything = new Set(log);
    assert.deepEqual(
      stored.filter((one) => !everything.has(one)),
      [],
      "acknowledged and not in the log",
    );
    for (const [filter, seen] of Object.entries(got)) {
      await eventually(`${filter} has everything`, () => seen.length >= log.length);
      assert.deepEqual(seen, log, filter);
    }
    assert.ok(opened > 2, `it was connected ${opened} times: the wire was never cut`);
  });

async function readLog(ingress: string): Promise<string[]> {
  const log: string[] = [];
  for (let after = 0; ;) {
    const answer = await fetch(`${ingress}/poll?topic=%23&after=${after}&wait=0&limit=100`);
    const { events, cursor } = (await answer.json()) as { events: { seq: number; payload: string }[]; cursor: number };
    if (events.length === 0) return log;
    log.push(...events.map(({ seq, payload }) => `${seq} ${payload}`));
    after = cursor;
  }
}
