import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { openKeys } from "../access/keys.ts";
import { RefusalError, type Result } from "../contract/errors.ts";
import type { InspectorClient } from "../contract/inspector.ts";
import { EVERY_TOPIC, type KeyInfo, type NewKeyInfo } from "../contract/key.ts";
import { toStoreFiles } from "../store/store-files.ts";
import type { CommandInput } from "./command.ts";
import { readHubConfig, withHub } from "./connect-hub.ts";
import type { CliIo } from "./io.ts";

export interface WantedKey {
  readonly name: string;
  readonly expiresAt: number | null;
  /** Undefined: every topic. */
  readonly publish: readonly string[] | undefined;
  readonly subscribe: readonly string[] | undefined;
}

/** The keys, whether a hub runs or not. Every method throws a RefusalError. */
export interface KeyRing {
  list(): Promise<readonly KeyInfo[]>;
  add(key: WantedKey): Promise<NewKeyInfo>;
  enable(name: string, enabled: boolean): Promise<KeyInfo>;
  revoke(name: string): Promise<void>;
}

/** For so long a hub may be starting or stopping, or another command be at the keys. */
const PATIENCE_MS = 3000;
const RETRY_MS = 100;

/**
 * A running hub is asked; without one the file is changed, under the lock that a hub would hold, so that neither can
 * overwrite what the other has done.
 */
export async function withKeys<T>(input: CommandInput, io: CliIo, work: (keys: KeyRing) => Promise<T>): Promise<T> {
  const isNamed = input.flags["inspector"] !== undefined;
  for (let waitedMs = 0; ; waitedMs += RETRY_MS) {
    try {
      return await withHub(input, io, (client) => work(toHubRing(client)));
    } catch (error) {
      if (isNamed || !isRefusal(error, "HUB_UNREACHABLE")) throw error;
    }
    try {
      return await withFile(readHubConfig(input, io).dataFolder, work);
    } catch (error) {
      if (!isRefusal(error, "STORE_LOCKED")) throw error;
      if (waitedMs >= PATIENCE_MS) throw notAskable(error);
      await wait(RETRY_MS);
    }
  }
}

function toHubRing(client: InspectorClient): KeyRing {
  return {
    list: async () => (await client.call("keys.list", {})).keys,
    add: (key) => client.call("keys.add", key),
    enable: (name, enabled) => client.call("keys.enable", { name, enabled }),
    revoke: async (name) => void (await client.call("keys.revoke", { name })),
  };
}

async function withFile<T>(folder: string, work: (keys: KeyRing) => Promise<T>): Promise<T> {
  const { lockFolder } = await import("../store/lock-folder.ts"); // with SQLite, which the other commands need not load
  const lock = lockFolder(toStoreFiles(folder));
  try {
    const keys = openKeys({ path: join(folder, "keys.json"), now: Date.now });
    return await work({
      list: async () => keys.list().map(unused),
      add: async ({ publish = EVERY_TOPIC, subscribe = EVERY_TOPIC, ...key }) => {
        const { key: made, secret } = take(await keys.add({ ...key, publish, subscribe }));
        return { ...unused(made), secret };
      },
      enable: async (name, enabled) => unused(take(keys.enable(name, enabled))),
      revoke: async (name) => take(keys.revoke(name)),
    });
  } finally {
    lock.release();
  }
}

/** Who does not run lets nobody in. The hash stays where it is. */
function unused({ name, createdAt, expiresAt, enabled, publish, subscribe }: Omit<KeyInfo, "lastUsedAt">): KeyInfo {
  return { name, createdAt, expiresAt, enabled, lastUsedAt: null, publish, subscribe };
}

function take<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusalError(result.refusal);
}

function isRefusal(error: unknown, code: RefusalError["code"]): error is RefusalError {
  return error instanceof RefusalError && error.code === code;
}

/** It holds its folder, and has no inspector or does not answer there. */
function notAskable(error: RefusalError): RefusalError {
  const message = `A hub is running on this data folder and cannot be asked: its inspector is off or does not answer. Start it with its inspector on, or stop it and try again.`;
  return new RefusalError({ code: "HUB_UNREACHABLE", message, ...(error.details ? { details: error.details } : {}) });
}
