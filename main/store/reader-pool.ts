import { refuse, type Result } from "../contract/errors.ts";
import type { FromReader, ReaderCall, ReaderCalls, ReaderStart, ToReader } from "./reader-messages.ts";
import { startWorker, type WorkerThread } from "./worker-thread.ts";

/** Two, so that a short question need not wait for a long answer. */
const READERS = 2;
/** Requests under way in all; more are refused. */
const MAX_CALLS = 1024;

export interface ReaderPoolOptions {
  readonly start: ReaderStart;
  onLogDamaged(error: string): void;
  onIndexDamaged(error: string): void;
  /** A reader has let go of an index that is sound. */
  onIndexLetGo(): void;
  onCrash(error: Error): void;
}

export interface ReaderPool {
  /** Rejects only for a bug. */
  call<N extends ReaderCall>(name: N, params: ReaderCalls[N]["params"]): Promise<ReaderCalls[N]["answer"]>;
  /** Asks every reader the same. */
  tellAll<N extends "attach" | "detach">(name: N, params: ReaderCalls[N]["params"]): Promise<void>;
  /** Lets what is under way finish, then ends the threads. */
  close(): Promise<void>;
}

interface Pending {
  readonly resolve: (answer: Result<never>) => void;
  readonly reject: (error: Error) => void;
}

interface Reader {
  readonly thread: WorkerThread<ToReader>;
  readonly pending: Map<number, Pending>;
  alive: boolean;
}

export function openReaderPool(options: ReaderPoolOptions): ReaderPool {
  let calls = 0;
  let closing = false;
  const readers = Array.from({ length: READERS }, startReader);

  function startReader(): Reader {
    const pending = new Map<number, Pending>();
    const thread = startWorker<ToReader, FromReader>({
      file: "reader-worker",
      data: options.start,
      onMessage: (message) => receive(pending, message),
      onCrash(error) {
        reader.alive = false;
        options.onCrash(error);
        for (const { reject } of pending.values()) reject(error);
        pending.clear();
      },
    });
    const reader: Reader = { thread, pending, alive: true };
    return reader;
  }

  function receive(pending: Map<number, Pending>, message: FromReader): void {
    if (message.t === "log-damaged") return options.onLogDamaged(message.error);
    if (message.t === "index-damaged") return options.onIndexDamaged(message.error);
    if (message.t === "index-let-go") return options.onIndexLetGo();
    const waiting = pending.get(message.call);
    pending.delete(message.call);
    if (message.t === "answer") waiting?.resolve(message.answer as Result<never>);
    else waiting?.reject(new Error(`a reader failed: ${message.stack}`));
  }

  function ask<N extends ReaderCall>(reader: Reader, name: N, params: ReaderCalls[N]["params"]): Promise<ReaderCalls[N]["answer"]> {
    return new Promise((resolve, reject) => {
      calls += 1;
      reader.pending.set(calls, { resolve, reject });
      reader.thread.send({ t: "call", call: calls, name, params } as ToReader);
    });
  }

  return {
    async call(name, params) {
      if (closing) return refuse("HUB_STOPPING", "The hub is stopping and answers no more questions.");
      const [free] = readers.filter(({ alive }) => alive).toSorted((a, b) => a.pending.size - b.pending.size);
      if (free === undefined) return refuse("STORE_FAILED", "All readers of the log have stopped by errors. Restart Signalbox.");
      if (free.pending.size >= MAX_CALLS / READERS)
        return refuse("HUB_BUSY", "Too many questions about stored events are being answered already. Ask again in a moment.");
      return ask(free, name, params);
    },
    async tellAll(name, params) {
      if (!closing) await Promise.all(readers.filter(({ alive }) => alive).map((reader) => ask(reader, name, params)));
    },
    async close() {
      closing = true;
      await Promise.all(
        readers.map(async ({ thread }) => {
          thread.send({ t: "close" });
          await thread.exited;
        }),
      );
    },
  };
}
