import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runPacedLoad } from "./paced-load.ts";
import { startServer, type ServerProcess } from "./server-process.ts";
import { hasWrk, runWrk, type WrkResult } from "./wrk.ts";

/** Durable webhooks per second: interleaved rounds against a bare server, the intake without a disk, and the hub as it is. */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    connections: { type: "string", default: "64" },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const BODY = JSON.stringify({ action: "opened", filling: "x".repeat(1024 - 34) });

const KINDS = ["bare node:http", "without the store", "durable"] as const;
type Kind = (typeof KINDS)[number];
interface Round extends WrkResult {
  readonly cpuPer100k: number;
}

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));

async function start(kind: Kind): Promise<ServerProcess> {
  if (kind === "bare node:http") return startServer(join(here, "servers/bare-http.ts"));
  if (kind === "without the store") return startServer(join(here, "servers/without-store.ts"));
  const flags = ["--data", join(folder, "data"), "--ingress", "127.0.0.1:0", "--inspector", "127.0.0.1:0", "--log", "error", "--json"];
  return startServer(join(here, "../main/headless.ts"), ["serve", ...flags]);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

async function measure(): Promise<void> {
  const servers = new Map<Kind, ServerProcess>();
  const results = new Map<Kind, Round[]>(KINDS.map((kind) => [kind, []]));
  try {
    for (const kind of KINDS) servers.set(kind, await start(kind));
    for (const kind of KINDS) await runWrk(`${servers.get(kind)!.url}/in/bench`, { body: BODY, connections, seconds: 2, folder });
    for (let round = 1; round <= rounds; round += 1) {
      for (const kind of KINDS) {
        process.stderr.write(`\rround ${round} of ${rounds}: ${kind.padEnd(20)}`);
        const server = servers.get(kind)!;
        const before = server.cpuSeconds() ?? Number.NaN;
        const result = await runWrk(`${server.url}/in/bench`, { body: BODY, connections, seconds, folder });
        const cpu = (server.cpuSeconds() ?? Number.NaN) - before;
        results.get(kind)!.push({ ...result, cpuPer100k: (cpu / result.requests) * 100_000 });
      }
    }
    const durable = median(results.get("durable")!.map((result) => result.perSecond));
    process.stderr.write(`\rhalf the durable rate, paced`.padEnd(40));
    const halves = [];
    for (let round = 0; round < Math.min(3, rounds); round += 1)
      halves.push(
        await runPacedLoad(`${servers.get("durable")!.url}/in/bench`, { body: BODY, connections, perSecond: durable / 2, seconds }),
      );
    process.stderr.write(`\r${" ".repeat(40)}\r`);
    print(results, halves.toSorted((a, b) => a.p99Ms - b.p99Ms)[Math.floor(halves.length / 2)]!, servers.get("durable")!);
  } finally {
    for (const server of servers.values()) await server.stop();
  }
}

function print(results: Map<Kind, Round[]>, half: Awaited<ReturnType<typeof runPacedLoad>>, durable: ServerProcess): void {
  const of = (kind: Kind, figure: keyof Round): number => median(results.get(kind)!.map((result) => result[figure]));
  const bare = of("bare node:http", "perSecond");
  console.log(
    `Webhooks of ${Buffer.byteLength(BODY)} bytes of JSON, ${connections} connections, medians of ${rounds} rounds of ${seconds} s\n`,
  );
  console.log("                         per second   of bare    p50 ms    p99 ms   CPU s per 100k");
  for (const kind of KINDS) {
    const share = `${((of(kind, "perSecond") / bare) * 100).toFixed(0)}%`;
    const figures = [
      of(kind, "p50Ms").toFixed(2).padStart(10),
      of(kind, "p99Ms").toFixed(2).padStart(10),
      of(kind, "cpuPer100k").toFixed(2).padStart(17),
    ];
    console.log(`${kind.padEnd(22)}${of(kind, "perSecond").toFixed(0).padStart(13)}${share.padStart(10)}${figures.join("")}`);
  }
  const rate = half.perSecond.toFixed(0).padStart(13);
  console.log(
    `${"durable, at half rate".padEnd(22)}${rate}${"".padStart(10)}${half.p50Ms.toFixed(2).padStart(10)}${half.p99Ms.toFixed(2).padStart(10)}`,
  );
  const memory = durable.residentBytes();
  if (memory !== null) console.log(`\nMemory of the durable hub at the end: ${(memory / 1024 ** 2).toFixed(0)} MiB`);
}

try {
  if (hasWrk()) await measure();
  else {
    console.error("This benchmark needs wrk. Install it (Debian: apt-get install wrk; macOS: brew install wrk) and run it again.");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
