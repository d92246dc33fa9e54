import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { eventually } from "./eventually.ts";

export const EXAMPLES = join(import.meta.dirname, "../../examples");

export interface RunningExample {
  /** What it has written so far, to stdout and stderr. */
  output(): string;
  /** Resolves when it has written this. */
  says(text: string): Promise<unknown>;
  signal(name: NodeJS.Signals): void;
  /** Resolves with the exit code, null when a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** Runs an example as a person would, from its own folder; ended after the test. `env` is added to ours. */
export function runExample(
  t: TestContext,
  folder: string,
  command: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): RunningExample {
  const [program, ...args] = command;
  const { NODE_TEST_CONTEXT: _, ...own } = process.env;
  const child = spawn(program, args, { cwd: join(EXAMPLES, folder), env: { ...own, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const exited = once(child, "close").then(([code]) => code as number | null);
  t.after(() => child.kill("SIGKILL"));
  return {
    output: () => output,
    says: (text) => eventually(`${program} says "${text}"`, () => output.includes(text)),
    signal: (name) => void child.kill(name),
    exited,
  };
}
