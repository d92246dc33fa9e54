import { extname } from "node:path";
import { Worker, type Transferable } from "node:worker_threads";

export interface WorkerThread<To> {
  send(message: To, transfer?: readonly Transferable[]): void;
  /** Resolves when the thread is gone, however it went. */
  readonly exited: Promise<void>;
}

export interface WorkerOptions<From> {
  /** Of the file beside this one, without its ending: `.ts` when run from source, `.js` when built. */
  readonly file: string;
  readonly data: unknown;
  onMessage(message: From): void;
  /** The thread ended by an error nobody caught: a bug, or memory ran out. */
  onCrash(error: Error): void;
}

export function startWorker<To, From>(options: WorkerOptions<From>): WorkerThread<To> {
  const url = new URL(`./${options.file}${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(url, { workerData: options.data, name: `signalbox-${options.file}` });
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  worker.on("message", (message: From) => options.onMessage(message));
  worker.on("error", (error: unknown) => options.onCrash(error instanceof Error ? error : new Error(String(error))));
  worker.once("exit", () => resolve());
  return { send: (message, transfer = []) => worker.postMessage(message, transfer), exited };
}
