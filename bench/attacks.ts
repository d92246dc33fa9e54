import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { connectPacket, publishPacket, subscribePacket } from "./drivers/mqtt-bytes.ts";

/**
 * What others notice while one peer attacks: a bystander publishes at QoS 1 to another, 100 a second, through a hub that
 * stores every event. Attacks are a process of their own. To reach: p99 under 100 ms, memory bounded.
 */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { seconds: { type: "string", default: "8" }, only: { type: "string", default: "" } },
});
const RATE = 100;

interface Hub {
  readonly port: number;
  readonly child: ChildProcess;
  readonly folder: string;
}

async function startHub(): Promise<Hub> {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
  const flags = ["--data", folder, "--ingress", "off", "--inspector", "off", "--mqtt", "127.0.0.1:0", "--log", "silent", "--json"];
  const headless = join(import.meta.dirname, "../main/headless.ts");
  const child = spawn(process.execPath, [headless, "serve", ...flags], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { port: Number(new URL((JSON.parse(line) as { mqtt: string }).mqtt).port), child, folder };
}

async function stopHub({ child, folder }: Hub): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
  rmSync(folder, { recursive: true, force: true });
}

function residentMib(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function openPeer(port: number, clientId: string): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  socket.write(connectPacket(clientId));
  await once(socket, "data");
  return socket;
}

interface Figures {
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  readonly lost: number;
}

/** Latencies in ms from PUBLISH to the subscriber's, each message on its way when its moment has come. */
async function watch(port: number, seconds: number, whileItRuns: () => void): Promise<Figures> {
  const reader = await openPeer(port, "bystander-reader");
  reader.write(subscribePacket(1, ["bystander/t"], 0));
  await once(reader, "data");
  const writer = await openPeer(port, "bystander-writer");
  writer.resume();
  const sentAt: number[] = [];
  const latencies: number[] = [];
  const size = publishPacket("bystander/t", Buffer.alloc(8)).length;
  let rest = Buffer.alloc(0);
  reader.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= size; rest = rest.subarray(size)) latencies.push(performance.now() - sentAt[rest.readUInt32BE(size - 4)]!);
  });
  const startedAt = performance.now();
  const total = RATE * seconds;
  while (sentAt.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) * RATE) / 1000));
    while (sentAt.length < due) {
      const payload = Buffer.alloc(8);
      payload.writeUInt32BE(sentAt.length, 4);
      writer.write(publishPacket("bystander/t", payload, 1 + (sentAt.length % 60_000)));
      sentAt.push(performance.now());
    }
    whileItRuns();
    await pause(2);
  }
  for (let waited = 0; latencies.length < total && waited < 5000; waited += 50) await pause(50);
  reader.destroy();
  writer.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), worst: at(1), lost: total - latencies.length };
}

async function measure(attack: string | null): Promise<void> {
  const hub = await startHub();
  let attacker: ChildProcess | null = null;
  try {
    await watch(hub.port, 1, () => undefined);
    const before = residentMib(hub.child.pid);
    if (attack !== null) {
      const script = join(import.meta.dirname, "drivers/attacker.ts");
      attacker = spawn(process.execPath, [script, attack, String(hub.port)], { stdio: ["ignore", "pipe", "ignore"] });
      await once(createInterface(attacker.stdout!), "line");
      await pause(1000);
    }
    let most = before;
    const { p50, p99, worst, lost } = await watch(hub.port, Number(values.seconds), () => {
      most = Math.max(most, residentMib(hub.child.pid));
    });
    const cells = [p50.toFixed(1), p99.toFixed(1), worst.toFixed(1), String(lost), before.toFixed(0), most.toFixed(0)];
    console.log(`${(attack ?? "none").padEnd(18)}${cells.map((cell) => cell.padStart(10)).join("")}`);
  } finally {
    attacker?.kill("SIGKILL");
    await stopHub(hub);
  }
}

if (process.platform !== "linux") {
  console.error("This benchmark reads /proc, and so needs Linux.");
  process.exitCode = 1;
} else {
  const lister = spawn(process.execPath, [join(import.meta.dirname, "drivers/attacker.ts")], { stdio: ["ignore", "pipe", "inherit"] });
  const [names] = (await once(createInterface(lister.stdout), "line")) as [string];
  console.log(`What a bystander notices, ${RATE} messages a second for ${values.seconds} s: ms, and the hub's memory in MiB\n`);
  console.log(`${"attack".padEnd(18)}${["p50", "p99", "worst", "lost", "before", "most"].map((head) => head.padStart(10)).join("")}`);
  for (const attack of [null, ...(JSON.parse(names) as string[])]) if ((attack ?? "none").includes(values.only)) await measure(attack);
}
