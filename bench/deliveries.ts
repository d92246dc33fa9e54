import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, createServer, request, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startServer } from "./server-process.ts";

/** Webhooks in, deliveries out: how long from one to the other for a healthy endpoint, alone and beside one that never answers. */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { rate: { type: "string", default: "1000" }, seconds: { type: "string", default: "10" } },
});
const perSecond = Number(values.rate);
const seconds = Number(values.seconds);
const TOKEN = "bench-token-0123456789abcdef";

const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
const latencies: number[] = [];
const answers: number[] = [];

async function listen(onRequest: RequestListener): Promise<{ url: string; close: () => void }> {
  const server = createServer(onRequest).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

/** Posts at a fixed rate; each body is the moment it was due. Resolves when as many have been delivered. */
async function load(
  url: string,
): Promise<{ readonly p50Ms: number; readonly p99Ms: number; readonly answerMs: number; readonly perSecond: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  latencies.length = 0;
  answers.length = 0;
  const total = perSecond * seconds;
  const began = performance.now();
  let sent = 0;
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      const owed = Math.min(total, Math.floor(((performance.now() - began) / 1000) * perSecond));
      for (; sent < owed; sent += 1) {
        const dueAt = began + (sent / perSecond) * 1000;
        const body = JSON.stringify({ dueAt, filling: "x".repeat(1000) });
        const posted = request(url, { method: "POST", agent, headers: { "content-type": "application/json" } }, (response) => {
          answers.push(performance.now() - dueAt);
          response.resume();
        });
        posted.end(body);
      }
      if (latencies.length >= total) resolve();
      else setTimeout(turn, 2);
    };
    turn();
  });
  const took = (performance.now() - began) / 1000;
  agent.destroy();
  return { p50Ms: at(latencies, 0.5), p99Ms: at(latencies, 0.99), answerMs: at(answers, 0.99), perSecond: total / took };
}

function at(figures: readonly number[], share: number): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length * share)] ?? Number.NaN;
}

const healthy = await listen((incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => {
    latencies.push(performance.now() - (JSON.parse(Buffer.concat(chunks).toString()) as { dueAt: number }).dueAt);
    response.end();
  });
});
const dead = await listen((incoming) => void incoming.resume());
const listeners = ["--ingress", "127.0.0.1:0", "--inspector", "127.0.0.1:0", "--mqtt", "off"];
const settings = ["--data", join(folder, "data"), "--allow-targets", "127.0.0.1", "--token", TOKEN, "--log", "error", "--json"];
const hub = await startServer(join(import.meta.dirname, "../main/headless.ts"), ["serve", ...listeners, ...settings]);

async function makeEndpoint(name: string, url: string): Promise<void> {
  const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
  const made = await fetch(`${hub.inspector}/api/v1/endpoints`, { method: "POST", headers, body: JSON.stringify({ name, url }) });
  if (!made.ok) throw new Error(await made.text());
}

try {
  console.log(`${perSecond} webhooks a second of 1 KiB for ${seconds} s, each delivered to a healthy endpoint\n`);
  console.log("                              delivered/s    p50 ms    p99 ms   answered p99   CPU s per 10k");
  for (const round of ["alone", "beside one that never answers"]) {
    await (round === "alone" ? makeEndpoint("healthy", healthy.url) : makeEndpoint("dead", dead.url));
    const before = hub.cpuSeconds() ?? Number.NaN;
    const { p50Ms, p99Ms, answerMs, perSecond: reached } = await load(`${hub.url}/in/bench`);
    const cpu = (((hub.cpuSeconds() ?? Number.NaN) - before) / (perSecond * seconds)) * 10_000;
    const figures = [
      reached.toFixed(0).padStart(11),
      p50Ms.toFixed(1).padStart(10),
      p99Ms.toFixed(1).padStart(10),
      answerMs.toFixed(1).padStart(15),
      cpu.toFixed(2).padStart(16),
    ];
    console.log(round.padEnd(30) + figures.join(""));
  }
} finally {
  await hub.stop();
  healthy.close();
  dead.close();
  rmSync(folder, { recursive: true, force: true });
}
