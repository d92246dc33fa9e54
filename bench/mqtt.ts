import { execFile, spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs, promisify } from "node:util";

/** MQTT against mosquitto: rounds interleaved, medians, and the ratio of the two in the same run. The hub stores every event durably; mosquitto stores none. */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: { rounds: { type: "string", default: "5" }, only: { type: "string", default: "" }, idle: { type: "string", default: "2000" } },
});
const rounds = Number(values.rounds);

interface Scenario {
  readonly name: string;
  readonly args: string;
  readonly unit: string;
  readonly figure: string;
}

const SCENARIOS: readonly Scenario[] = [
  { name: "QoS 0, 1 to 1", args: "-m thr -q 0 -n 150000", unit: "msg/s", figure: "perSecond" },
  { name: "QoS 1, 1 to 1", args: "-m thr -q 1 -n 60000 -w 10000", unit: "msg/s", figure: "perSecond" },
  { name: "QoS 2, 1 to 1", args: "-m thr -q 2 -n 25000 -w 5000", unit: "msg/s", figure: "perSecond" },
  { name: "QoS 0, 1 to 100", args: "-m thr -q 0 -s 100 -n 5000 -w 500", unit: "msg/s", figure: "perSecond" },
  { name: "QoS 1, 100 to 1", args: "-m thr -q 1 -p 100 -f -n 50000 -w 5000", unit: "msg/s", figure: "perSecond" },
  { name: "QoS 1 at 2,000/s, p50", args: "-m lat -q 1 -n 6000 -w 2000", unit: "us", figure: "p50Us" },
  { name: "QoS 1 at 2,000/s, p99", args: "-m lat -q 1 -n 6000 -w 2000", unit: "us", figure: "p99Us" },
  { name: "10,000 retained to one", args: "-m retained -n 10000", unit: "ms", figure: "replayMs" },
];

const KINDS = ["mosquitto", "hub"] as const;
type Kind = (typeof KINDS)[number];
interface Broker {
  readonly port: number;
  readonly child: ChildProcess;
}

const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
const driver = join(folder, "mqtt-load");
const run = promisify(execFile);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function startMosquitto(): Promise<Broker> {
  const port = await freePort();
  const config = join(folder, "mosquitto.conf");
  writeFileSync(
    config,
    `listener ${port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 1000\nmax_queued_messages 100000\nset_tcp_nodelay true\n`,
  );
  const child = spawn("mosquitto", ["-c", config], { stdio: "ignore" });
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const up = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (up) return { port, child };
  }
}

async function startHub(): Promise<Broker> {
  const flags = [
    "--data",
    join(folder, "data"),
    "--ingress",
    "off",
    "--inspector",
    "off",
    "--mqtt",
    "127.0.0.1:0",
    "--log",
    "error",
    "--json",
  ];
  const child = spawn(process.execPath, [join(import.meta.dirname, "../main/headless.ts"), "serve", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { port: Number(new URL((JSON.parse(line) as { mqtt: string }).mqtt).port), child };
}

async function measure(broker: Broker, { args, figure }: Scenario): Promise<number> {
  const { stdout } = await run(driver, ["-h", String(broker.port), ...args.split(" ")]);
  return (JSON.parse(stdout) as Record<string, number>)[figure] ?? Number.NaN;
}

/** What an idle connection costs the broker, KiB. */
async function measureIdle(broker: Broker): Promise<number> {
  const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${broker.child.pid}/status`, "utf8"))?.[1]);
  const before = resident();
  const load = spawn(driver, ["-h", String(broker.port), "-m", "idle", "-c", values.idle], { stdio: ["pipe", "pipe", "inherit"] });
  await once(createInterface(load.stdout), "line");
  const after = resident();
  load.stdin.end();
  await once(load, "exit");
  return (after - before) / Number(values.idle);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

function print(name: string, unit: string, figures: Readonly<Record<Kind, readonly number[]>>): void {
  const [peer, own] = KINDS.map((kind) => median(figures[kind])) as [number, number];
  const digits = Math.max(peer, own) < 100 ? 1 : 0;
  console.log(
    `${name.padEnd(24)}${unit.padEnd(7)}${peer.toFixed(digits).padStart(12)}${own.toFixed(digits).padStart(12)}${(own / peer).toFixed(2).padStart(9)}`,
  );
}

async function main(): Promise<void> {
  const built = spawnSync("cc", ["-O2", "-o", driver, join(import.meta.dirname, "drivers/mqtt-load.c")], { stdio: "inherit" });
  if (built.status !== 0 || spawnSync("mosquitto", ["-h"]).status === null) {
    console.error("This benchmark needs a C compiler and mosquitto (Debian: apt-get install gcc mosquitto), on Linux.");
    process.exitCode = 1;
    return;
  }
  const brokers: Record<Kind, Broker> = { mosquitto: await startMosquitto(), hub: await startHub() };
  try {
    console.log(`Medians of ${rounds} interleaved rounds, 100-byte payloads; the hub stores every event durably\n`);
    console.log(`${"".padEnd(31)}${"mosquitto".padStart(12)}${"hub".padStart(12)}${"ratio".padStart(9)}`);
    for (const scenario of SCENARIOS.filter(({ name }) => name.includes(values.only))) {
      const figures: Record<Kind, number[]> = { mosquitto: [], hub: [] };
      for (let round = 0; round < rounds; round += 1) for (const kind of KINDS) figures[kind].push(await measure(brokers[kind], scenario));
      print(scenario.name, scenario.unit, figures);
    }
    const idle: Record<Kind, number[]> = { mosquitto: [await measureIdle(brokers.mosquitto)], hub: [await measureIdle(brokers.hub)] };
    print(`an idle connection`, "KiB", idle);
  } finally {
    for (const { child } of Object.values(brokers)) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
  }
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
