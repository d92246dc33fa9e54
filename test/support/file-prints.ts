import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** SHA-256 of every file in a folder whose name begins so, by name. The process must not have them open through SQLite. */
export function filePrints(folder: string, beginning = "signalbox.db"): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.startsWith(beginning));
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}
