import { parentPort, workerData } from "node:worker_threads";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { listLevel } from "./list-level.ts";
import { listTopics } from "./list-topics.ts";
import { openLogReader } from "./log-reader.ts";
import { listDeliveries, readDelivery, readRepeatable } from "./read-deliveries.ts";
import { readBody, readEvent } from "./read-event.ts";
import { readRetained, readSlice } from "./read-slice.ts";
import { readTopicNodes } from "./read-topic-nodes.ts";
import type { FromReader, ReaderStart, ToReader } from "./reader-messages.ts";
import { runHistory } from "./run-history.ts";
import { runQuery } from "./run-query.ts";
import { runTimeline } from "./run-timeline.ts";
import { sqliteCode, toStoreFault } from "./store-fault.ts";

/** A reader's thread: answers what is asked, several requests in turns where one takes long. */
const port = parentPort!;
const { logPath, logId } = workerData as ReaderStart;
const reader = openLogReader(logPath, logId);

type Call = Extract<ToReader, { t: "call" }>;

function answer(call: Call): Result<unknown> | Promise<Result<unknown>> {
  switch (call.name) {
    case "query":
      return runQuery(reader, call.params.query, call.params.now);
    case "get":
      return readEvent(reader, call.params.id);
    case "body":
      return readBody(reader, call.params.id, call.params.offset, call.params.length);
    case "timeline":
      return runTimeline(reader, call.params, call.params.now);
    case "topics":
      return accept(listTopics(reader, call.params.prefix, call.params.search, call.params.limit));
    case "level":
      return accept(listLevel(reader, call.params.parent, call.params.after, call.params.limit));
    case "nodes":
      return accept(readTopicNodes(reader, call.params.topics, call.params.recent));
    case "history":
      return runHistory(reader, call.params);
    case "read":
      return readSlice(reader, call.params);
    case "retained":
      return accept(readRetained(reader, call.params.after, call.params.limit));
    case "deliveries":
      return listDeliveries(reader, call.params);
    case "delivery":
      return readDelivery(reader, call.params.id);
    case "repeatable":
      return readRepeatable(reader, call.params.filter, call.params.limit);
    case "attach":
      return accept(reader.index.attach(call.params.path));
    case "detach":
      return accept(reader.index.detach());
  }
}

/** A failure with the index attached may be the index's or the log's: asking the log alone tells. */
async function answerSafely(call: Call): Promise<Result<unknown>> {
  const { attached } = reader.index;
  try {
    return await answer(call);
  } catch (error) {
    if (sqliteCode(error) === null) throw error;
    if (!attached && call.name !== "attach") return refuseFor(error);
    reader.index.detach();
    const alone = call.name === "attach" ? accept(undefined) : await answerSafely(call);
    if (alone.ok) send({ t: "index-damaged", error: String(error) });
    else send({ t: "index-let-go" });
    return alone;
  }
}

function refuseFor(error: unknown): Result<never> {
  const details = { file: logPath, sqlite: sqliteCode(error) };
  if (toStoreFault(error, logPath) !== "damaged")
    return refuse("STORE_FAILED", `${logPath} could not be read (${details.sqlite}). Try again; if it stays so, check the disk.`, details);
  send({ t: "log-damaged", error: String(error) });
  return refuse(
    "STORE_DAMAGED",
    `What was asked for lies in a damaged part of ${logPath}. Stop Signalbox and run "signalbox salvage" to save the rest.`,
    details,
  );
}

const underWay = new Set<Promise<void>>();

async function handle(call: Call): Promise<void> {
  try {
    send({ t: "answer", call: call.call, answer: await answerSafely(call) });
  } catch (error) {
    send({ t: "threw", call: call.call, stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

function send(message: FromReader): void {
  port.postMessage(message);
}

async function close(): Promise<void> {
  await Promise.all(underWay);
  reader.close();
  port.close();
}

port.on("message", (message: ToReader) => {
  if (message.t === "close") return void close();
  const handling = handle(message).finally(() => underWay.delete(handling));
  underWay.add(handling);
});
