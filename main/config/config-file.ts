import { readFileSync, statSync } from "node:fs";
import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import { accept, refuse, type Result } from "../contract/errors.ts";

const MAX_FILE_BYTES = 1024 ** 2;

export interface FileEntry {
  readonly name: string;
  readonly value: unknown;
  /** `file:line`. */
  readonly where: string;
}

/** The entries of a settings file in the order they stand; null when there is no such file. Refuses with CONFIG_INVALID. */
export function readConfigFile(path: string): Result<readonly FileEntry[] | null> {
  let text: string;
  try {
    const { size } = statSync(path);
    if (size > MAX_FILE_BYTES)
      return refuse("CONFIG_INVALID", `The settings file ${path} has ${size} bytes; at most ${MAX_FILE_BYTES} are read.`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return accept(null);
    return refuse("CONFIG_INVALID", `The settings file ${path} cannot be read: ${(error as Error).message}`, { file: path });
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, uniqueKeys: true, prettyErrors: false });
  const whereOf = (offset: number): string => `${path}:${lineCounter.linePos(offset).line}`;

  const fault = document.errors[0];
  if (fault)
    return refuse("CONFIG_INVALID", `The settings file is not valid YAML: ${fault.message} (${whereOf(fault.pos[0])})`, { file: path });
  const top = document.contents;
  if (top === null || (isScalar(top) && top.value === null)) return accept([]);
  if (!isMap(top)) return refuse("CONFIG_INVALID", `The settings file ${path} must be a list of \`name: value\` lines.`, { file: path });

  const entries: FileEntry[] = [];
  for (const { key, value } of top.items) {
    if (!isScalar(key)) return refuse("CONFIG_INVALID", `The settings file ${path} has a key that is not a name.`, { file: path });
    const foreign: unknown = value === null ? null : (value as { toJS(doc: typeof document): unknown }).toJS(document);
    entries.push({ name: String(key.value), value: foreign, where: whereOf(key.range?.[0] ?? 0) });
  }
  return accept(entries);
}
