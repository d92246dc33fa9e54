import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export interface WrkResult {
  readonly perSecond: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export function hasWrk(): boolean {
  return spawnSync("wrk", ["--version"]).error === undefined;
}

/** Posts `body` as fast as the server answers. Throws when any answer was not 2xx. */
export async function runWrk(
  url: string,
  options: { readonly body: string; readonly connections: number; readonly seconds: number; readonly folder: string },
): Promise<WrkResult> {
  const script = join(options.folder, "post.lua");
  writeFileSync(
    script,
    `wrk.method = "POST"\nwrk.headers["Content-Type"] = "application/json"\nwrk.body = ${JSON.stringify(options.body)}\n`,
  );
  const args = ["-t1", `-c${options.connections}`, `-d${options.seconds}s`, "--latency", "-s", script, url];
  const child = spawn("wrk", args, { stdio: ["ignore", "pipe", "inherit"] });
  const [output] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (/Non-2xx|Socket errors/.test(output)) throw new Error(`Not every request was answered 2xx:\n${output}`);
  const find = (pattern: RegExp): string => pattern.exec(output)?.[1] ?? "NaN";
  return {
    perSecond: Number(find(/Requests\/sec:\s+([\d.]+)/)),
    requests: Number(find(/(\d+) requests in/)),
    p50Ms: toMs(find(/50%\s+([\d.]+[a-z]+)/)),
    p99Ms: toMs(find(/99%\s+([\d.]+[a-z]+)/)),
  };
}

function toMs(figure: string): number {
  const [, value, unit = ""] = /^([\d.]+)([a-z]+)$/.exec(figure) ?? [];
  return Number(value) * ({ us: 0.001, ms: 1, s: 1000 }[unit] ?? Number.NaN);
}
