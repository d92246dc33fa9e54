// Loaded with --require into the main process and every utility process: `electron` then means the stand-in.
import { createRequire, registerHooks } from "node:module";
import { isMainThread } from "node:worker_threads";

const type = process.env["ELECTRON_UTILITY"] ? "utility" : "browser";
const standIn = new URL(type === "utility" ? "utility.ts" : "electron.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "electron" || specifier.startsWith("electron/")
      ? { url: standIn, format: "module-typescript", shortCircuit: true }
      : next(specifier === "original-fs" ? "node:fs" : specifier, context),
});

Object.defineProperty(process, "type", { value: type });
Object.defineProperty(process, "versions", { value: { ...process.versions, electron: "45.4.1", chrome: "156.0.0.0" } });
if (type === "utility" && isMainThread) createRequire(import.meta.url)("electron");
