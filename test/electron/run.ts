// Starts the app the way `electron PATH` does: the first plain argument is the app's folder or its packaged app.asar.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { app } from "./app.ts";
import { extractAsar } from "./asar.ts";

const given = process.argv.slice(2).find((arg) => !arg.startsWith("--")) ?? ".";
let folder = resolve(given);
const isPackaged = folder.endsWith(".asar");
if (isPackaged) {
  // Laid out where nothing of the repository is near, so that only what was packed can be found.
  Object.assign(process, { resourcesPath: dirname(folder) });
  const out = mkdtempSync(join(tmpdir(), "asar-"));
  process.on("exit", () => rmSync(out, { recursive: true, force: true }));
  extractAsar(folder, out);
  folder = out;
}
const { name, version, main } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
app.identify({ folder, name: name ?? "electron", version: version ?? "0.0.0", isPackaged });
try {
  await import(pathToFileURL(join(folder, main ?? "index.js")).href);
  await app.start();
} catch (error) {
  console.error(error);
  app.exit(1);
}
