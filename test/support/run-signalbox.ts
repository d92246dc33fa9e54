import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Kept between runs, it halves the time the program takes to start. */
const COMPILE_CACHE = join(tmpdir(), "node-compile-cache");
const HEADLESS = fileURLToPath(new URL("../../scripts/signalbox.mjs", import.meta.url));

/** The line `signalbox serve --json` prints when it is ready. */
export interface ReadyLine {
  readonly ingress: string;
  readonly inspector: string;
  /** Those that are off are left out. */
  readonly mqtt?: string;
  readonly https?: string;
  readonly mqtts?: string;
  /** SHA-256 of the certificate of the last two. */
  readonly fingerprint?: string;
  readonly login: string;
  readonly data: string;
  readonly pid: number;
}

export interface TestHub extends ReadyLine {
  readonly json: ReadyLine;
  /** The inspector's bearer token. */
  readonly token: string;
  /** What it has written to stderr so far. */
  stderr(): string;
  /** Resolves with the exit code (null when a signal ended it), whoever ended it. */
  readonly exited: Promise<number | null>;
  /** Sends a signal; nothing happens when the hub has ended already. */
  signal(name: NodeJS.Signals): void;
  /** SIGTERM, then waits; removes the data folder when `startHub` made it. Gives the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, then waits; leaves the data folder, so that a hub can be started on it again. */
  kill(): Promise<void>;
}

export interface StartHubOptions {
  /** Settings on top of a clean environment: ports 0, log level `error`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags after `serve --json`. */
  readonly args?: readonly string[];
  /** An existing data folder; the caller removes it. Left out: a new one, removed by `stop()`. */
  readonly dataFolder?: string;
}

/** Starts the real program, headless, on free ports, and waits for its ready line. */
export async function startHub({ env = {}, args = [], dataFolder }: StartHubOptions = {}): Promise<TestHub> {
  const data = dataFolder ?? (await mkdtemp(join(tmpdir(), "signalbox-")));
  const child = spawnSignalbox(["serve", "--json", ...args], {
    SIGNALBOX_DATA: data,
    SIGNALBOX_INGRESS: "127.0.0.1:0",
    SIGNALBOX_INSPECTOR: "127.0.0.1:0",
    SIGNALBOX_MQTT: "off",
    SIGNALBOX_LOG: "error",
    ...env,
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const removeOwnFolder = async () => {
    if (dataFolder === undefined) await rm(data, { recursive: true, force: true });
  };
  const firstLine = await Promise.race([once(createInterface(child.stdout!), "line").then(([line]) => line as string), exited]);
  if (typeof firstLine !== "string") {
    await removeOwnFolder();
    throw new Error(`signalbox serve ended with ${firstLine} before it was ready:\n${stderr}`);
  }
  const json = JSON.parse(firstLine) as ReadyLine;
  const token = (await readFile(join(data, "token"), "utf8").catch(() => env["SIGNALBOX_TOKEN"] ?? "")).trim();
  return {
    ...json,
    json,
    token,
    exited,
    stderr: () => stderr,
    signal: (name) => void child.kill(name),
    async stop() {
      child.kill("SIGTERM");
      const code = await exited;
      await removeOwnFolder();
      return code;
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that takes longer hangs: it is killed, and its code is null. */
const COMMAND_WITHIN_MS = 30_000;

/** Runs one command of the real program to its end. `input` is piped to its stdin, which is otherwise closed. */
export async function runSignalbox(
  args: readonly string[],
  { env = {}, input = "" }: { env?: Readonly<Record<string, string>>; input?: string | Uint8Array } = {},
): Promise<ProgramResult> {
  const child = spawnSignalbox(args, env);
  const out = { stdout: "", stderr: "" };
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (out.stdout += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (out.stderr += text));
  child.stdin!.on("error", () => undefined); // it may end without reading
  child.stdin!.end(input);
  const tooLong = setTimeout(() => child.kill("SIGKILL"), COMMAND_WITHIN_MS);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(tooLong);
  return { code, ...out };
}

/** Starts the real program as it is started by hand, without the settings of the person who runs the tests. */
export function spawnSignalbox(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(SIGNALBOX_|NODE_TEST_CONTEXT|NO_COLOR|FORCE_COLOR)/.test(name)),
  );
  const child = spawn(process.execPath, [HEADLESS, ...args], {
    env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...clean, ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const endWithTheTest = () => child.kill("SIGKILL");
  process.once("exit", endWithTheTest);
  child.once("exit", () => process.off("exit", endWithTheTest));
  return child;
}
