import { accept, type Refusal, type Result } from "../contract/errors.ts";
import type { SourceStore } from "../hub/ports.ts";
import type { Writer } from "./open-writer.ts";

/** Sources in memory, as they are on disk: changed once the writer says that the change is durable. */
export function createSourceStore(writer: Writer): SourceStore {
  const sources = new Map(writer.opened.sources.map((source) => [source.name, source]));

  function toResult<T>(refusal: Refusal | null, change: () => T): Result<T> {
    return refusal === null ? accept(change()) : { ok: false, refusal };
  }

  return {
    all: () => [...sources.values()],
    save: async (source) =>
      toResult(await writer.saveSource(source), () => {
        sources.set(source.name, source);
        return source;
      }),
    remove: async (name) => toResult(await writer.removeSource(name), () => void sources.delete(name)),
  };
}
