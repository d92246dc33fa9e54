import { parentPort, workerData } from "node:worker_threads";
import { RefusalError, type Refusal } from "../contract/errors.ts";
import { openLogWriter, type LogWriter, type Written } from "./log-writer.ts";
import { createTrimTurns } from "./trim-turns.ts";
import { sqliteCode, toOpenRefusal, type StoreFault } from "./store-fault.ts";
import type { FromWriter, ToWriter, WriterStart, WriteState } from "./writer-messages.ts";

/** How often a full disk is tried again, and how often a file that failed is opened anew. */
const RETRY_MS = 500;

const port = parentPort!;
const { files } = workerData as WriterStart;

/** The writer's thread: one batch at a time, in the order they come. */
function serve(writer: LogWriter): void {
  let state: WriteState = "open";
  let retry: NodeJS.Timeout | null = null;
  const turns = createTrimTurns(() => {
    if (state !== "open" || !writer.trims(Date.now())) return false;
    const before = writer.extent.reusableBytes;
    const written = writer.trim(Date.now());
    note(written);
    if (written.ok && (written.value.removed > 0 || writer.extent.reusableBytes !== before)) send({ t: "trimmed", extent: writer.extent });
    return written.ok && written.value.more;
  });

  function enter(next: WriteState, reason: string | null): void {
    if (next === state) return;
    state = next;
    send({ t: "state", state, reason });
    if (retry !== null) clearInterval(retry);
    retry = state === "full" || state === "failed" ? setInterval(recover, RETRY_MS) : null;
  }

  function recover(): void {
    note(state === "full" ? writer.probe(Date.now()) : writer.reopen());
  }

  function note(written: Written<unknown>): void {
    if (written.ok) enter("open", null);
    else enter(toState(written.fault), written.refusal.message);
  }

  function answer(call: number, written: Written<void>): void {
    note(written);
    send({ t: "answered", call, refusal: written.ok ? null : written.refusal });
  }

  port.on("message", (message: ToWriter) => {
    switch (message.t) {
      case "append": {
        const written = writer.append(message.batch, message.state);
        const { numbers, bytes } = message.batch;
        const buffers = { numbers, bytes };
        const reply: FromWriter = written.ok
          ? { t: "committed", ...written.value, extent: writer.extent, buffers }
          : { t: "not-committed", refusal: written.refusal, buffers };
        note(written);
        port.postMessage(reply, [numbers.buffer, bytes.buffer]);
        return;
      }
      case "save-source":
        return answer(message.call, writer.saveSource(message.source));
      case "remove-source":
        return answer(message.call, writer.removeSource(message.name));
      case "pin":
        return answer(message.call, toFound(writer.pin(message.seq, message.pinned)));
      case "deliver":
        return answer(message.call, writer.deliver(message.writes));
      case "keep":
        writer.keep(message.retention);
        return turns.soon();
      case "checkpoint":
        return checkpoint(writer);
      case "close":
        if (retry !== null) clearInterval(retry);
        turns.stop();
        close(writer);
        send({ t: "closed" });
        port.close();
    }
  });
}

function toFound(written: Written<boolean>): Written<void> {
  if (!written.ok) return written;
  if (written.value) return { ok: true, value: undefined };
  const refusal: Refusal = { code: "EVENT_NOT_FOUND", message: "There is no such event in this log any more." };
  return { ok: false, refusal, fault: "bug" };
}

function toState(fault: StoreFault): WriteState {
  switch (fault) {
    case "full":
    case "damaged":
      return fault;
    case "io":
      return "failed";
    case "busy":
    case "bug":
      return "open"; // This batch failed; nothing says that the next one will.
  }
}

/** A checkpoint that fails costs nothing: the events are durable in the write-ahead log, and it is tried again later. */
function checkpoint(writer: LogWriter): void {
  try {
    writer.checkpoint();
  } catch (error) {
    send({ t: "notice", what: "a checkpoint of the log failed", error: String(error) });
  }
}

function close(writer: LogWriter): void {
  try {
    writer.close();
  } catch (error) {
    send({ t: "notice", what: "the log could not be brought to order at closing; nothing is lost", error: String(error) });
  }
}

function send(message: FromWriter): void {
  port.postMessage(message);
}

function open(): void {
  try {
    const writer = openLogWriter(files);
    const { logId, lastSeq, extent, sources, state, deliveries } = writer;
    serve(writer);
    send({ t: "opened", log: { logId, lastSeq, extent, sources, state, deliveries } });
  } catch (error) {
    send({ t: "not-opened", refusal: toRefusal(error) });
  }
}

function toRefusal(error: unknown): Refusal {
  if (sqliteCode(error) !== null) return toOpenRefusal(error, files.folder, files.log);
  if (!(error instanceof RefusalError)) throw error;
  const { code, message, details } = error;
  return details ? { code, message, details } : { code, message };
}

open();
