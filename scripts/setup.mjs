// Before every npm script, on whatever Node started it (20 or newer) and with nothing installed: brings what is missing or
// out of date, and is quiet when nothing is. node_modules brings Node 24, which npm then runs the script itself on.
//   --build    also dist/, from the sources as they are now
//   --for-tests  also what the tests need: Chromium, fonts, MQTT clients and a broker, and the webhook providers' own code
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const windows = process.platform === "win32";
const ownNode = join("node_modules", ".bin", windows ? "node.cmd" : "node");

try {
  if (!isInstalled(".", "node_modules")) {
    say("Installing packages (npm ci)…");
    run("npm", ["ci"]);
  }
  const node = findNode24();
  if (process.argv.includes("--build")) build(node);
  if (process.argv.includes("--for-tests")) {
    installOracles();
    installForTests();
  }
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

/** Compares npm's own record of what it installed with the lockfile; packages for other platforms may be missing. */
function isInstalled(project, modules) {
  const record = join(modules, ".package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")).packages;
  const present = JSON.parse(readFileSync(record, "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    if (path === "") return true;
    const found = present[path];
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
}

/** The Node 24 that came with the packages, or the system's. */
function findNode24() {
  for (const node of [ownNode, process.execPath]) {
    const { status, stdout } = spawnSync(node, ["--version"], { encoding: "utf8", shell: windows });
    if (status === 0 && Number(/^v(\d+)/.exec(stdout)?.[1]) >= 24) return node;
  }
  throw new Error(
    process.platform === "darwin"
      ? `Signalbox needs Node 24 or newer, and this is ${process.version}: install it from https://nodejs.org or with "brew install node@24".`
      : `Signalbox needs Node 24, which comes as the npm package node-${windows ? "win" : "linux"}-${process.arch}, but that could not be ` +
          `downloaded (npm does not say so: it is optional). Delete node_modules and try again, or install Node 24 from https://nodejs.org.`,
  );
}

function build(node) {
  const stamp = "dist/.built-from";
  const sources = hashOf(["main", "preload", "renderer", "client", "vite.config.ts", "package-lock.json"]);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
  say("Building the window and the desktop app (vite build)…");
  rmSync(stamp, { force: true });
  run(node, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]);
  writeFileSync(stamp, sources);
}

/** One hash of the names and contents of files, and of all files in folders. */
function hashOf(paths) {
  const hash = createHash("sha256");
  const add = (path) => hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
  for (const path of paths) {
    if (/\.\w+$/.test(path)) add(path);
    else {
      const files = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      files
        .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
        .sort()
        .forEach(add);
    }
  }
  return hash.digest("hex");
}

/** Code of webhook providers to compare with. Below node_modules, where no test, lint or type check looks for files of ours. */
function installOracles() {
  const project = join("test", "oracles");
  const folder = join("node_modules", ".oracles");
  if (isInstalled(project, join(folder, "node_modules"))) return;
  say("Installing the webhook providers' own code for the tests to compare with (npm ci)…");
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json", ".npmrc"]) copyFileSync(join(project, file), join(folder, file));
  run("npm", ["ci"], { cwd: folder });
}

/** What the tests need beside npm's packages: a browser, and MQTT clients and a broker by others. */
function installForTests() {
  if (process.platform !== "linux") return;
  const needed = {
    "/usr/bin/chromium": ["chromium", "fonts-inter", "fonts-noto-color-emoji", "fonts-dejavu-core"],
    "/usr/sbin/mosquitto": ["mosquitto"],
    "/usr/bin/mosquitto_pub": ["mosquitto-clients"],
    "/usr/bin/curl": ["curl"],
    "/usr/bin/openssl": ["openssl"],
    "/usr/sbin/sshd": ["openssh-server"],
    "/usr/lib/python3/dist-packages/paho": ["python3-paho-mqtt"],
  };
  const packages = Object.entries(needed).flatMap(([path, names]) => (existsSync(path) ? [] : names));
  if (packages.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${packages.join(" ")}`;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    if (!existsSync("/usr/bin/chromium"))
      throw new Error(`The browser tests need Chromium at /usr/bin/chromium. On Debian: sudo ${command}`);
    say(`Some tests will be skipped for want of MQTT clients and a broker. On Debian: sudo ${command}`);
    return;
  }
  say(`Installing what the tests need (${command})…`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  run("apt-get", ["update", "-qq"], quiet);
  run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], quiet);
}

function run(command, args, options = {}) {
  try {
    execFileSync(command, args, { stdio: ["ignore", 2, 2], shell: windows, ...options });
  } catch (error) {
    throw new Error(`"${[command, ...args].join(" ")}" failed (${error.status ?? error.code}); what it said stands above.`, {
      cause: error,
    });
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
