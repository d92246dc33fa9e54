import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { MAX_PAGE } from "../../main/contract/calls.ts";
import type { EventSummary } from "../../main/contract/event.ts";
import type { EventLog } from "../../main/hub/ports.ts";
import { eventually } from "../support/eventually.ts";
import { appendAll, newEvent, testStores } from "../support/test-store.ts";

const CHILD = fileURLToPath(new URL("../support/append-for-ever.ts", import.meta.url));

/** Lets a process append, kills it after so many acknowledgements, and gives all it had acknowledged. */
async function appendAndKill(folder: string, run: number, acknowledgements: number): Promise<{ seq: number; mark: string }[]> {
  const file = join(folder, `acknowledged-${run}`);
  writeFileSync(file, "");
  const child = spawn(process.execPath, [CHILD, folder, String(run), file], { stdio: "inherit" });
  await eventually(
    `${acknowledgements} events are acknowledged`,
    () => child.exitCode !== null || linesOf(file).length >= acknowledgements,
  );
  const gone = once(child, "close");
  assert.ok(child.kill("SIGKILL"));
  await gone;
  return linesOf(file).map((line) => ({ seq: Number(line.split(" ")[0]), mark: line.split(" ")[1]! }));
}

/** The last line may have been cut short by the kill. */
function linesOf(file: string): string[] {
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}

async function readAll(log: EventLog): Promise<EventSummary[]> {
  const events: EventSummary[] = [];
  for (let after = 0; ;) {
    const page = await log.query({ after, limit: MAX_PAGE });
    assert.ok(page.ok);
    events.push(...page.value.events);
    after = page.value.cursor;
    if (!page.value.more) return events;
  }
}

test("kill -9 in the midst of appending loses nothing acknowledged, keeps the order, and gives no seq twice", async (t) => {
  const stores = testStores(t);
  const acknowledged: { seq: number; mark: string }[] = [];
  for (const [run, count] of [700, 3000, 1500].entries()) acknowledged.push(...(await appendAndKill(stores.folder, run, count)));

  const { log } = await stores.open();
  const events = await readAll(log);
  const bySeq = new Map(events.map((event) => [event.seq, event.preview!.trim()]));
  assert.equal(bySeq.size, events.length, "no seq is there twice");
  for (const { seq, mark } of acknowledged) assert.equal(bySeq.get(seq), mark);
  const marks = events.map(({ preview }) => preview!.trim());
  assert.equal(new Set(marks).size, marks.length, "no event is there twice");
  const perRun = Map.groupBy(marks, (mark) => mark.split(":")[0]);
  for (const inRun of perRun.values()) {
    const numbers = inRun.map((mark) => Number(mark.split(":")[1]));
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
      "events are in the order they were appended",
    );
  }
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index + 1),
  );
  const long = events.find(({ size }) => size === 100_000);
  assert.ok(long);
  const detail = await log.get(long.id);
  assert.ok(detail.ok && detail.value.storedBytes === 100_000);
  const [next] = await appendAll(log, [newEvent()]);
  assert.equal(next?.seq, events.length + 1);
});
