import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly link?: string;
  readonly unpacked?: boolean;
  readonly executable?: boolean;
  readonly offset?: string;
  readonly size?: number;
}

/** Lays out an asar archive in a folder, with the files that were left beside it: Node itself reads no asar. */
export function extractAsar(archive: string, target: string): void {
  const bytes = readFileSync(archive);
  // Two Chromium "pickles": the header's size, then the header, a JSON text with its length before it.
  const base = 8 + bytes.readUInt32LE(4);
  const header = JSON.parse(bytes.toString("utf8", 16, 16 + bytes.readUInt32LE(12))) as Entry;
  const extract = (entry: Entry, path: string): void => {
    const to = join(target, path);
    if (entry.files) {
      mkdirSync(to, { recursive: true });
      for (const [name, child] of Object.entries(entry.files)) extract(child, join(path, name));
    } else if (entry.link !== undefined) symlinkSync(join(target, entry.link), to);
    else if (entry.unpacked) copyFileSync(join(`${archive}.unpacked`, path), to);
    else {
      const start = base + Number(entry.offset);
      writeFileSync(to, bytes.subarray(start, start + (entry.size ?? 0)));
      if (entry.executable) chmodSync(to, 0o755);
    }
  };
  extract(header, "");
}
