import { readFileSync } from "node:fs";
import { RefusalError } from "../contract/errors.ts";
import { topicFilterFault } from "../contract/topic.ts";
import { writeWhole } from "../platform/write-whole.ts";
import { KEY_NAME, type Key } from "./key.ts";

/** All keys of the file; none when there is no file. Throws a RefusalError when it cannot be understood. */
export function readKeyFile(path: string): Key[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unreadable(path, (error as Error).message);
  }
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new Error("it has no list of keys");
    return keys.map(parseKey);
  } catch (error) {
    throw unreadable(path, (error as Error).message);
  }
}

/** The whole file, durable when this returns; readable by its owner alone. */
export function writeKeyFile(path: string, keys: readonly Key[]): void {
  writeWhole(path, `${JSON.stringify({ version: 1, keys }, null, 2)}\n`);
}

function parseKey(foreign: unknown): Key {
  const key = foreign as Partial<Key>;
  const { id, name, hash, createdAt, expiresAt, enabled, publish, subscribe } = key;
  const isFilters = (list: unknown): list is readonly string[] =>
    Array.isArray(list) && list.every((one) => typeof one === "string" && topicFilterFault(one) === null);
  if (typeof id !== "string" || typeof name !== "string" || !KEY_NAME.test(name)) throw new Error("a key has no name or id");
  if (typeof hash !== "string" || typeof createdAt !== "number" || typeof enabled !== "boolean")
    throw new Error(`the key "${name}" is incomplete`);
  if (expiresAt !== null && typeof expiresAt !== "number") throw new Error(`the expiry of "${name}" is no time`);
  if (!isFilters(publish) || !isFilters(subscribe)) throw new Error(`the filters of "${name}" are no topic filters`);
  return { id, name, hash, createdAt, expiresAt, enabled, publish, subscribe };
}

function unreadable(path: string, why: string): RefusalError {
  const message = `The keys in ${path} cannot be read: ${why}. Mend the file, or put it aside and make new keys.`;
  return new RefusalError({ code: "CONFIG_INVALID", message, details: { file: path } });
}
