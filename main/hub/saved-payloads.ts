import { accept, refuse, type Refusal, type Result } from "../contract/errors.ts";
import { MAX_SAVED_PAYLOADS, type SavedPayload } from "../contract/payload.ts";
import { topicFault } from "../contract/topic.ts";
import type { StateStore } from "./ports.ts";

const PREFIX = "payload/";

/** Payloads kept by name beside the log, so that desktop and browsers share them. */
export interface SavedPayloads {
  /** By name. */
  list(): readonly SavedPayload[];
  /** Keeps it, in place of one of the same name. Refuses TOPIC_INVALID, PAYLOAD_LIMIT. */
  save(payload: SavedPayload): Promise<Result<SavedPayload>>;
  /** Refuses PAYLOAD_NOT_FOUND. */
  remove(name: string): Promise<Result<void>>;
}

/** Without `state` they last as long as the hub runs. */
export function createSavedPayloads(state: StateStore | undefined): SavedPayloads {
  const saved = new Map<string, SavedPayload>();
  for (const [key, value] of state?.all(PREFIX) ?? [])
    saved.set(key.slice(PREFIX.length), JSON.parse(Buffer.from(value).toString("utf8")) as SavedPayload); // written by this file alone

  /** In memory and on disk, or in neither. */
  async function enter(name: string, payload: SavedPayload | null): Promise<Refusal | null> {
    const before = saved.get(name) ?? null;
    put(name, payload);
    const refusal = await new Promise<Refusal | null>((resolve) => (state ? state.flush(resolve) : resolve(null)));
    if (refusal !== null) put(name, before);
    return refusal;
  }

  function put(name: string, payload: SavedPayload | null): void {
    if (payload === null) saved.delete(name);
    else saved.set(name, payload);
    state?.put(PREFIX + name, payload === null ? null : Buffer.from(JSON.stringify(payload)));
  }

  return {
    list: () => [...saved.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    async save(payload) {
      const fault = topicFault(payload.topic);
      if (fault) return refuse("TOPIC_INVALID", `This cannot be a topic: ${fault}.`, { topic: payload.topic });
      if (!saved.has(payload.name) && saved.size >= MAX_SAVED_PAYLOADS)
        return refuse("PAYLOAD_LIMIT", `There are ${saved.size} saved payloads, as many as are allowed. Remove one first.`);
      const refusal = await enter(payload.name, payload);
      return refusal === null ? accept(payload) : { ok: false, refusal };
    },
    async remove(name) {
      if (!saved.has(name)) return refuse("PAYLOAD_NOT_FOUND", `There is no saved payload "${name}".`, { name });
      const refusal = await enter(name, null);
      return refusal === null ? accept(undefined) : { ok: false, refusal };
    },
  };
}
