import { readFileSync } from "node:fs";
import { RefusalError } from "../contract/errors.ts";
import { SECRET_NAME, SECRET_USES, SOURCE_NAME, type SecretUse, type SourceSecretInfo } from "../contract/source.ts";
import { writeWhole } from "../platform/write-whole.ts";

/** A source's secret as it is kept. The hub must have it in clear: it computes signatures with it. */
interface StoredSecret extends SourceSecretInfo {
  readonly value: string;
}

/** The secrets of sources in a file of their own, beside the keys: the log can be copied or handed on without them. */
export interface SourceSecretFile {
  all(): ReadonlyMap<string, readonly StoredSecret[]>;
  /** Durable when it returns; throws when it could not be written, and then all is as it was. */
  set(source: string, secrets: readonly StoredSecret[]): void;
}

/** `path` null: in memory only. Throws a RefusalError when there is a file that cannot be understood. */
export function openSourceSecretFile(path: string | null): SourceSecretFile {
  let secrets: ReadonlyMap<string, readonly StoredSecret[]> = new Map(path === null ? [] : read(path));
  return {
    all: () => secrets,
    set(source, list) {
      const next = new Map(secrets);
      if (list.length === 0) next.delete(source);
      else next.set(source, list);
      if (path !== null) writeWhole(path, `${JSON.stringify({ version: 1, sources: Object.fromEntries(next) }, null, 2)}\n`);
      secrets = next;
    },
  };
}

function read(path: string): [string, readonly StoredSecret[]][] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unreadable(path, (error as Error).message);
  }
  try {
    const { sources } = JSON.parse(text) as { sources?: unknown };
    if (typeof sources !== "object" || sources === null) throw new Error("it has no list of sources");
    return Object.entries(sources).map(([source, list]) => [source, parseList(source, list)]);
  } catch (error) {
    // A parser quotes what it cannot read, and that could be a secret.
    throw unreadable(path, error instanceof SyntaxError ? "it is not JSON" : (error as Error).message);
  }
}

function parseList(source: string, list: unknown): readonly StoredSecret[] {
  if (!SOURCE_NAME.test(source) || !Array.isArray(list)) throw new Error("an entry is no source with its secrets");
  return list.map((foreign) => {
    const { name, use, value, addedAt, expiresAt } = foreign as Partial<StoredSecret>;
    if (typeof name !== "string" || !SECRET_NAME.test(name)) throw new Error(`a secret of "${source}" has no name`);
    if (typeof value !== "string" || !isUse(use) || typeof addedAt !== "number" || (expiresAt !== null && typeof expiresAt !== "number"))
      throw new Error(`the secret "${name}" of "${source}" is incomplete`);
    return { name, use, value, addedAt, expiresAt };
  });
}

function isUse(use: unknown): use is SecretUse {
  return SECRET_USES.includes(use as SecretUse);
}

function unreadable(path: string, why: string): RefusalError {
  const message = `The sources' secrets in ${path} cannot be read: ${why}. Mend the file, or put it aside and set the secrets anew.`;
  return new RefusalError({ code: "CONFIG_INVALID", message, details: { file: path } });
}
