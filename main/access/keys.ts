import { createHash, randomBytes, randomInt } from "node:crypto";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { topicFilterFault } from "../contract/topic.ts";
import { readKeyFile, writeKeyFile } from "./key-file.ts";
import { KEY_NAME, KEY_SECRET, type Key } from "./key.ts";
import { hashSecret, verifySecret } from "./secret-hash.ts";

export interface NewKey {
  readonly name: string;
  /** Epoch ms; null: never. */
  readonly expiresAt: number | null;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** The keys of devices and clients. Held in memory; a change is on disk when its promise resolves. */
export interface Keys {
  list(): readonly Key[];
  /** The secret is given here and never again. Refuses PARAMS_INVALID, KEY_EXISTS. */
  add(key: NewKey): Promise<Result<{ readonly key: Key; readonly secret: string }>>;
  /** Refuses KEY_NOT_FOUND. */
  enable(name: string, enabled: boolean): Result<Key>;
  /** Refuses KEY_NOT_FOUND. */
  revoke(name: string): Result<void>;
  /** Is there a key of that name, good or not? */
  has(name: string): boolean;
  /** Is there a key of that id, enabled and not expired? */
  isGood(id: string): boolean;
  /** The key this is the secret of, if it is good. */
  verify(secret: string): Promise<Key | null>;
  /** When it was last verified since the hub started, epoch ms. */
  lastUsedAt(name: string): number | null;
  /** Called when keys have been added, changed or revoked; answers how to stop. */
  onChange(listener: () => void): () => void;
}

export interface KeysOptions {
  /** Null: in memory only. */
  readonly path: string | null;
  /** Epoch ms. */
  readonly now: () => number;
}

const ID_CHARS = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 10;
/** Secrets proved right lately, so that a device that sends one with each request costs one scrypt and not thousands. */
const MAX_PROVED = 10_000;

export function openKeys({ path, now }: KeysOptions): Keys {
  const keys = new Map((path === null ? [] : readKeyFile(path)).map((key) => [key.id, key]));
  /** By digest of the secret; a digest of 192 random bits tells nobody anything. */
  const proved = new Map<string, string>();
  /** By id; kept in memory alone, so that using a key costs no write. */
  const usedAt = new Map<string, number>();

  const listeners = new Set<() => void>();

  /** On disk first: what cannot be kept is not done. */
  const keep = (change: () => void): void => {
    const before = [...keys];
    change();
    try {
      if (path !== null) writeKeyFile(path, [...keys.values()]);
    } catch (error) {
      keys.clear();
      for (const [id, key] of before) keys.set(id, key);
      throw error;
    }
    for (const listener of listeners) listener();
  };
  const goodOne = (id: string): Key | null => {
    const key = keys.get(id);
    return key?.enabled && (key.expiresAt === null || key.expiresAt > now()) ? key : null;
  };
  const named = (name: string): Key | undefined => [...keys.values()].find((key) => key.name === name);
  const notFound = (name: string) => refuse("KEY_NOT_FOUND", `There is no key "${name}".`, { name });

  return {
    list: () => [...keys.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    async add({ name, expiresAt, publish, subscribe }) {
      if (!KEY_NAME.test(name))
        return refuse("PARAMS_INVALID", "A key's name has 1 to 64 letters, digits, dots, dashes or underscores.", { name });
      for (const filter of [...publish, ...subscribe]) {
        const fault = topicFilterFault(filter);
        if (fault) return refuse("PARAMS_INVALID", `"${filter}" is not a topic filter: ${fault}.`, { filter });
      }
      const id = Array.from({ length: ID_LENGTH }, () => ID_CHARS[randomInt(ID_CHARS.length)]).join("");
      const secret = `sbk_${id}_${randomBytes(24).toString("base64url")}`;
      const key: Key = { id, name, hash: await hashSecret(secret), createdAt: now(), expiresAt, enabled: true, publish, subscribe };
      if (named(name)) return refuse("KEY_EXISTS", `There is a key "${name}" already. Revoke it first, or choose another name.`, { name });
      keep(() => keys.set(id, key));
      return accept({ key, secret });
    },
    enable(name, enabled) {
      const key = named(name);
      if (!key) return notFound(name);
      const changed = { ...key, enabled };
      keep(() => keys.set(key.id, changed));
      return accept(changed);
    },
    revoke(name) {
      const key = named(name);
      if (!key) return notFound(name);
      keep(() => keys.delete(key.id));
      usedAt.delete(key.id);
      return accept(undefined);
    },
    async verify(secret) {
      const id = KEY_SECRET.exec(secret)?.[1];
      const key = id === undefined ? null : goodOne(id);
      if (key === null) return null;
      const digest = createHash("sha256").update(secret).digest("base64");
      if (proved.get(digest) !== key.id) {
        if (!(await verifySecret(secret, key.hash))) return null;
        if (proved.size >= MAX_PROVED) proved.clear();
        proved.set(digest, key.id);
      }
      const still = goodOne(key.id); // it may have been revoked while the hash was made
      if (still) usedAt.set(key.id, now());
      return still;
    },
    lastUsedAt(name) {
      const key = named(name);
      return (key && usedAt.get(key.id)) ?? null;
    },
    has: (name) => named(name) !== undefined,
    isGood: (id) => goodOne(id) !== null,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
