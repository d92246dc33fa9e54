import { decodeText, mediaTypeOf } from "../format/body-kind.ts";
import { indexJson, type JsonFault, type JsonIndex } from "../format/json-index.ts";

/** What a body's bytes say. */
export interface ReadBody {
  readonly text: string | null;
  readonly json: JsonIndex | null;
  /** Why a body that says it is JSON is none. */
  readonly jsonFault: JsonFault | null;
}

/** Below this, reading takes less time than starting a worker. */
const IN_PAGE_BYTES = 256 * 1024;

export function readBytes(bytes: Uint8Array, contentType: string | null): ReadBody {
  const text = decodeText(bytes);
  const saysJson = /[/+]json$/.test(mediaTypeOf(contentType));
  if (text === null || !(saysJson || /^\s*[[{]/.test(text))) return { text, json: null, jsonFault: null };
  const result = indexJson(text);
  if (!("fault" in result)) return { text, json: result, jsonFault: null };
  return { text, json: null, jsonFault: saysJson ? result : null };
}

/** Reads in a worker when the body is large. Rejects when `signal` is aborted. */
export function readBody(bytes: Uint8Array<ArrayBuffer>, contentType: string | null, signal: AbortSignal): Promise<ReadBody> {
  if (bytes.length <= IN_PAGE_BYTES) return Promise.resolve(readBytes(bytes, contentType));
  const { promise, resolve, reject } = Promise.withResolvers<ReadBody>();
  const worker = new Worker(new URL("./read-body-worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<ReadBody>) => resolve(data));
  worker.addEventListener("error", ({ message }) => reject(new Error(message || "The body could not be read.")));
  signal.addEventListener("abort", () => reject(new Error("No longer wanted")));
  worker.postMessage({ bytes, contentType }, { transfer: [] });
  return promise.finally(() => worker.terminate());
}
