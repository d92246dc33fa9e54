import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

export interface ServerProcess {
  readonly url: string;
  /** Null where there is none. */
  readonly inspector: string | null;
  /** CPU time it has used so far, all threads; null where there is no /proc. */
  cpuSeconds(): number | null;
  residentBytes(): number | null;
  stop(): Promise<void>;
}

const TICKS_PER_SECOND = 100;

/** Starts a server in a process of its own and waits for its one line of JSON. */
export async function startServer(script: string, args: readonly string[] = []): Promise<ServerProcess> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const [line] = (await Promise.race([
    once(createInterface(child.stdout), "line"),
    exited.then(([code]) => Promise.reject(new Error(`${script} ended with exit code ${code} before it was ready.`))),
  ])) as [string];
  const { ingress, inspector = null } = JSON.parse(line) as { ingress: string; inspector?: string };
  const read = (file: string): string | null => {
    try {
      return readFileSync(`/proc/${child.pid}/${file}`, "utf8");
    } catch {
      return null;
    }
  };
  return {
    url: ingress,
    inspector,
    cpuSeconds() {
      const fields = read("stat")?.split(") ").at(-1)?.split(" ");
      return fields ? (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND : null;
    },
    residentBytes() {
      const [, kibibytes] = /VmRSS:\s+(\d+)/.exec(read("status") ?? "") ?? [];
      return kibibytes === undefined ? null : Number(kibibytes) * 1024;
    },
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
