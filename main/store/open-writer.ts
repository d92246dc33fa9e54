import { RefusalError, type Refusal } from "../contract/errors.ts";
import type { Retention } from "../contract/settings.ts";
import type { Source } from "../contract/source.ts";
import type { DeliveryWrite } from "../hub/ports.ts";
import type { LogExtent } from "./log-writer.ts";
import type { PackedBatch } from "./packed-batch.ts";
import type { StoreFiles } from "./store-files.ts";
import type { FoundDuplicate } from "./seen-deliveries.ts";
import type { StateRow } from "./state-rows.ts";
import { startWorker, type WorkerThread } from "./worker-thread.ts";
import type { Buffers, FromWriter, OpenedLog, ToWriter, WriterStart, WriteState } from "./writer-messages.ts";

export interface WriterListeners {
  committed(firstSeq: number, duplicates: readonly FoundDuplicate[], extent: LogExtent, buffers: Buffers): void;
  trimmed(extent: LogExtent): void;
  notCommitted(refusal: Refusal, buffers: Buffers): void;
  state(state: WriteState, reason: string | null): void;
  notice(what: string, error: string): void;
  /** The thread is gone; whether the batch under way was stored is not known. */
  crashed(error: Error): void;
}

/** This side of the writer's thread. */
export interface Writer {
  readonly opened: OpenedLog;
  /** `count` of the batch may be 0: then there are state rows alone. */
  append(batch: PackedBatch, state: readonly StateRow[]): void;
  /** Resolves when it is durable, with null, or with why it is not. */
  saveSource(source: Source): Promise<Refusal | null>;
  removeSource(name: string): Promise<Refusal | null>;
  pin(seq: number, pinned: boolean): Promise<Refusal | null>;
  /** All of them in one commit. */
  deliver(writes: readonly DeliveryWrite[]): Promise<Refusal | null>;
  keep(retention: Retention): void;
  checkpoint(): void;
  close(): Promise<void>;
}

/** Rejects with a RefusalError when the log cannot be opened. */
export async function openWriter(files: StoreFiles, listeners: WriterListeners): Promise<Writer> {
  const answers = new Map<number, (refusal: Refusal | null) => void>();
  const start = Promise.withResolvers<OpenedLog>();
  let calls = 0;
  let isOpen = false;

  const data: WriterStart = { files };
  const thread: WorkerThread<ToWriter> = startWorker<ToWriter, FromWriter>({
    file: "writer-worker",
    data,
    onMessage: receive,
    onCrash(error) {
      if (!isOpen) return start.reject(error);
      const refusal: Refusal = { code: "STORE_FAILED", message: "The log's writer has stopped by an error. Restart Signalbox." };
      for (const answer of answers.values()) answer(refusal);
      answers.clear();
      listeners.crashed(error);
    },
  });

  function receive(message: FromWriter): void {
    switch (message.t) {
      case "opened":
        return start.resolve(message.log);
      case "not-opened":
        return start.reject(new RefusalError(message.refusal));
      case "committed":
        return listeners.committed(message.firstSeq, message.duplicates, message.extent, message.buffers);
      case "trimmed":
        return listeners.trimmed(message.extent);
      case "not-committed":
        return listeners.notCommitted(message.refusal, message.buffers);
      case "state":
        return listeners.state(message.state, message.reason);
      case "notice":
        return listeners.notice(message.what, message.error);
      case "answered":
        answers.get(message.call)?.(message.refusal);
        answers.delete(message.call);
        return;
      case "closed":
    }
  }

  function ask(toMessage: (call: number) => ToWriter): Promise<Refusal | null> {
    return new Promise((resolve) => {
      calls += 1;
      answers.set(calls, resolve);
      thread.send(toMessage(calls));
    });
  }

  const opened = await start.promise;
  isOpen = true;
  return {
    opened,
    append: (batch, state) => thread.send({ t: "append", batch, state }, [batch.numbers.buffer, batch.bytes.buffer]),
    saveSource: (source) => ask((call) => ({ t: "save-source", call, source })),
    removeSource: (name) => ask((call) => ({ t: "remove-source", call, name })),
    pin: (seq, pinned) => ask((call) => ({ t: "pin", call, seq, pinned })),
    deliver: (writes) => ask((call) => ({ t: "deliver", call, writes })),
    keep: (retention) => thread.send({ t: "keep", retention }),
    checkpoint: () => thread.send({ t: "checkpoint" }),
    async close() {
      thread.send({ t: "close" });
      await thread.exited;
    },
  };
}
