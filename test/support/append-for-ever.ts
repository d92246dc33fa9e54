import { openSync, writeSync } from "node:fs";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { openStore } from "../../main/store/open-store.ts";
import { newEvent } from "./test-store.ts";

/**
 * A process that appends until it is killed: `node append-for-ever.ts <folder> <run> <file>`. Each acknowledgement is a
 * line `<seq> <run>:<n>` in the file, written at once, where `<run>:<n>` is also the event's body.
 */
const [folder = "", run = "", file = ""] = process.argv.slice(2);
const IN_FLIGHT = 500;

const { log } = await openStore({ folder, clock: systemClock, logger: silentLogger, maxQueuedEvents: 10_000, maxQueuedBytes: 100_000_000 });
const acknowledgements = openSync(file, "a");
let sent = 0;

function appendOne(): void {
  sent += 1;
  const mark = `${run}:${sent}`;
  // Now and then a body that is kept in several pieces.
  const body = Buffer.from(sent % 97 === 0 ? mark.padEnd(100_000) : mark);
  log.append(newEvent({ receivedAt: Date.now(), topic: `load/${sent % 50}`, body }), (outcome) => {
    if (!outcome.ok) throw new Error(outcome.refusal.message);
    writeSync(acknowledgements, `${outcome.event.seq} ${mark}\n`);
    setImmediate(appendOne);
  });
}

for (let index = 0; index < IN_FLIGHT; index += 1) appendOne();
