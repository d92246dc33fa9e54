// `npm start`: the desktop app where it can run, otherwise the headless hub; arguments are passed on.
// With --desktop there is no otherwise, with --headless nothing else is tried. Never fetches Electron: that is for a person to decide.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const mode = process.argv.slice(2).find((arg) => arg === "--desktop" || arg === "--headless");
const args = process.argv.slice(2).filter((arg) => arg !== mode);

const electron = findElectron();
const obstacle = electron === null ? missingElectron() : missingDisplay();
if (mode === "--headless") runHub();
else if (obstacle === null) {
  const { variables, words } = toVariables(args);
  follow(spawn(electron, [root, ...words], { stdio: "inherit", env: { ...process.env, ...variables } }));
} else if (mode === "--desktop") {
  console.error(`The desktop app cannot start: ${obstacle.why}. ${obstacle.todo}.`);
  process.exitCode = 1;
} else {
  console.error(`No desktop window, because ${obstacle.why}; the hub runs without one.`);
  runHub();
}

function runHub() {
  follow(spawn(process.execPath, [join(root, "dist/main/headless.js"), "serve", ...args], { stdio: "inherit" }));
}

/** The path of Electron's program, by the rules of the electron package but without its download; null when not there. */
function findElectron() {
  const folder = join(root, "node_modules/electron");
  const record = join(folder, "path.txt");
  const program = existsSync(record) ? readFileSync(record, "utf8") : "electron";
  const path = join(process.env["ELECTRON_OVERRIDE_DIST_PATH"] ?? join(folder, "dist"), program);
  return existsSync(path) ? path : null;
}

function missingElectron() {
  const override = process.env["ELECTRON_OVERRIDE_DIST_PATH"];
  return override
    ? { why: `ELECTRON_OVERRIDE_DIST_PATH names ${override}, where there is no Electron`, todo: "Correct the path or leave it out" }
    : { why: "Electron's program is not installed", todo: 'Fetch it once with "npx install-electron", then try again' };
}

function missingDisplay() {
  if (process.platform !== "linux" || process.env["DISPLAY"] || process.env["WAYLAND_DISPLAY"]) return null;
  return { why: "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)", todo: "Start it from a desktop session" };
}

/** Electron takes flags for its own: the settings among them are handed to the desktop app's hub as SIGNALBOX_… variables. */
function toVariables(flags) {
  const variables = {};
  const words = [];
  const waiting = [...flags];
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const [, no, name, value] = /^--(no-)?([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name === undefined) words.push(word);
    else {
      const isSwitch = no !== undefined || waiting[0] === undefined || waiting[0].startsWith("--");
      variables[`SIGNALBOX_${name.toUpperCase().replaceAll("-", "_")}`] = value ?? (isSwitch ? String(no === undefined) : waiting.shift());
    }
  }
  return { variables, words };
}

/** Ends as the child ends, and passes on what asks this process to end. */
function follow(child) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => {
      // Ctrl-C in a terminal reaches the whole process group: the child has had it already.
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  // npm runs scripts in a shell, and a shell that is told to end does not pass that on: its end is then the sign.
  const { ppid } = process;
  if (process.env["npm_lifecycle_event"]) setInterval(() => process.ppid !== ppid && child.kill("SIGTERM"), 500).unref();
  child.on("error", (error) => {
    console.error(`${child.spawnfile} could not be started: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}
