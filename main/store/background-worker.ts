import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import Database from "better-sqlite3";
import type { BackgroundStart, FromBackground, ToBackground } from "./background-messages.ts";
import { createCheckpointer } from "./checkpointer.ts";
import { createIndexFollower, STEP_EVENTS } from "./index-follower.ts";
import { createLogExaminer } from "./log-examiner.ts";
import { createLogProgress } from "./log-progress.ts";
import { CHECK_AT_OPEN_BYTES } from "./open-log.ts";
import type { Readable } from "./read-damaged.ts";
import { fileBytes } from "./store-files.ts";
import { sqliteCode } from "./store-fault.ts";

/** With nothing to do, checkpoints are looked after this often. */
const SLEEP_MS = 1000;
/** After an error of the disk. */
const RETRY_MS = 2000;
/** A log found sound is not read through again at each start. */
const CHECK_AGAIN_MS = 24 * 60 * 60 * 1000;
/** Above this many events a second, intake is at its limits: the index then rests so many times as long as it works. */
const BUSY_PER_SECOND = 10_000;
const BUSY_REST = 9;
/** Reading the log through rests this many times as long as it works. */
const CHECK_REST = 5;
/** Taking removed events out of the index rests as often. */
const SWEEP_REST = 3;

/** The background's thread: the index behind the log, checkpoints, and the check of a log too large to check at the start. */
const port = parentPort!;
const { files, logId, progress: shared } = workerData as BackgroundStart;

// setpriority(2) with 0 acts on the calling thread under Linux: only this one gives way. Elsewhere it would be the whole process.
if (process.platform === "linux") setPriority(0, 10);

const log = new Database(files.log, { fileMustExist: true, timeout: 1000 });
log.pragma("wal_autocheckpoint = 0");
log.pragma("synchronous = FULL");

const progress = createLogProgress(shared);
const checkpointer = createCheckpointer(log);
const examiner = createLogExaminer(log);
const follower = createIndexFollower({
  files,
  logId,
  log,
  progress,
  onReady: () => send({ t: "index-ready" }),
  onIndexDamaged: (error) => send({ t: "index-damaged", error }),
  onLogDamaged: (error) => send({ t: "log-damaged", error }),
});

let closing = false;
let checked = fileBytes(files.log) <= CHECK_AT_OPEN_BYTES; // Then it was checked before it was used.
let endSleep: (() => void) | null = null;

/** One round of all there is to do. Says how long to rest after it, ms. */
function workRound(): number {
  const startedAt = performance.now();
  const committedBefore = progress.committedSeq();
  const count = follower.step();
  if (checkpointer.step(progress.committedBytes(), count === 0)) send({ t: "finish-checkpoint" });
  const indexedAt = performance.now();
  // While events come in, at least half of the time is theirs: the index may lag, and says by how much.
  if (count === STEP_EVENTS) return restBeside(progress.committedSeq() - committedBefore, indexedAt - startedAt);
  if (follower.sweep()) return Math.ceil((performance.now() - indexedAt) * SWEEP_REST);
  if (!checked) beginCheck();
  if (examiner.step()) return Math.ceil((performance.now() - indexedAt) * CHECK_REST);
  return count === 0 ? SLEEP_MS : 0;
}

/** How long to leave the processors and the disk to intake, which stored `arrived` events while this thread worked. */
function restBeside(arrived: number, workedMs: number): number {
  const busy = arrived * 1000 > BUSY_PER_SECOND * workedMs;
  return arrived === 0 ? 0 : Math.ceil(workedMs * (busy ? BUSY_REST : 1));
}

function beginCheck(): void {
  checked = true;
  if (Date.now() - (follower.writer?.checkedAt ?? 0) < CHECK_AGAIN_MS) return;
  examiner.begin(({ unreadable }: Readable) => {
    if (unreadable > 0) send({ t: "log-damaged", error: `${unreadable} events cannot be read` });
    else if (follower.writer !== null) follower.writer.checkedAt = Date.now();
  });
}

async function work(): Promise<void> {
  for (;;) {
    if (closing) break;
    let restMs: number;
    try {
      restMs = workRound();
    } catch (error) {
      if (sqliteCode(error) === null) throw error;
      send({ t: "notice", what: "work behind the log failed and is tried again", error: String(error) });
      restMs = RETRY_MS;
    }
    await sleep(restMs);
  }
  follower.close();
  log.close();
  port.close();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      endSleep = null;
      resolve();
    };
    const timer = setTimeout(done, ms);
    endSleep = done;
    if (ms !== SLEEP_MS) return;
    progress.sleep();
    // What was committed just before the line above sent no message.
    if (follower.isBehind() && progress.wake()) done();
  });
}

function send(message: FromBackground): void {
  port.postMessage(message);
}

port.on("message", (message: ToBackground) => {
  if (message.t === "close") closing = true;
  if (message.t === "examine") examiner.begin((found) => send({ t: "examined", found }));
  if (message.t === "remake-index") follower.remake();
  endSleep?.();
});

await work();
