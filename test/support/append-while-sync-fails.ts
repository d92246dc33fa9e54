import { rmSync, writeFileSync } from "node:fs";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { openStore } from "../../main/store/open-store.ts";
import { eventually } from "./eventually.ts";
import { append, newEvent } from "./test-store.ts";

/** `node append-while-sync-fails.ts <folder> <switch>`: appends before, while and after syncs fail, and prints what came of it. */
const [folder = "", failing = ""] = process.argv.slice(2);
const store = await openStore({ folder, clock: systemClock, logger: silentLogger, maxQueuedEvents: 100, maxQueuedBytes: 1_000_000 });
const { log } = store;

async function outcomeOf(mark: string): Promise<string> {
  const outcome = await append(log, newEvent({ body: Buffer.from(mark) }));
  return outcome.ok ? `${mark} is ${outcome.event.seq}` : `${mark} ${outcome.refusal.code}`;
}

const before = await outcomeOf("before");
writeFileSync(failing, "");
const first = await outcomeOf("first");
const state = await eventually("it has failed", () => (log.status().state === "failed" ? log.status().state : null));
const second = await outcomeOf("second");
rmSync(failing);
await eventually("it is open again", () => log.status().state === "open");
const after = await outcomeOf("after");
const page = await log.query({ after: 0 });
const stored = page.ok ? page.value.events.map(({ preview }) => preview) : page;
await store.close();
process.stdout.write(JSON.stringify({ before, first, state, second, after, stored }));
