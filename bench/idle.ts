import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { connectPacket, subscribePacket } from "./drivers/mqtt-bytes.ts";

/** What connections that say nothing cost one hub, MQTT and WebSocket at the same time: KiB each. To reach: 42 and 12. */
const { values } = parseArgs({ args: process.argv.slice(3), options: { count: { type: "string", default: "5000" } } });
const COUNT = Number(values.count);
/** Connections opened at once. */
const AT_ONCE = 100;
/** Files beside the sockets. */
const SPARE_FILES = 200;
const SETTLE_MS = 3000;

const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));

function maxOpenFiles(): number {
  const [, soft] = /Max open files\s+(\d+)/.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
  return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
}

async function openAll(open: (n: number) => Promise<Socket>): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < COUNT) {
    const more = Math.min(AT_ONCE, COUNT - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: more }, (_, n) => open(sockets.length + n)))));
  }
  return sockets;
}

async function openMqtt(port: number, n: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  socket.write(Buffer.concat([connectPacket(`idle-${n}`), subscribePacket(1, [`idle/${n}/#`], 1)]));
  for (let bytes = 0; bytes < 4 + 5;) bytes += ((await once(socket, "data")) as [Buffer])[0].length;
  return socket;
}

async function openWebSocket(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const headers = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
  socket.write(["GET /ws HTTP/1.1", `Host: 127.0.0.1:${port}`, ...headers, "", ""].join("\r\n"));
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (!answer.toString("latin1").startsWith("HTTP/1.1 101")) throw new Error(`Answered: ${answer.toString("latin1")}`);
  return socket;
}

async function main(): Promise<void> {
  const needed = 2 * COUNT + SPARE_FILES;
  if (process.platform !== "linux" || maxOpenFiles() < needed) {
    console.error(
      `This benchmark needs Linux, and ${needed} open files for it and for the hub: ulimit -n ${needed} first, or a smaller --count.`,
    );
    process.exitCode = 1;
    return;
  }
  const listen = ["--ingress", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--inspector", "off"];
  const flags = ["--data", folder, ...listen, "--max-connections", String(COUNT + 100), "--log", "error", "--json"];
  const child = spawn(process.execPath, [join(import.meta.dirname, "../main/headless.ts"), "serve", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { mqtt, ingress } = JSON.parse(line) as { mqtt: string; ingress: string };
  const residentKib = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]);
  const measure = async (name: string, open: (n: number) => Promise<Socket>): Promise<Socket[]> => {
    await pause(SETTLE_MS);
    const before = residentKib();
    const sockets = await openAll(open);
    await pause(SETTLE_MS);
    const after = residentKib();
    console.log(`${name.padEnd(12)}${((after - before) / COUNT).toFixed(1).padStart(8)} KiB each, ${(after / 1024).toFixed(0)} MiB in all`);
    return sockets;
  };
  try {
    console.log(`${COUNT} connections of each kind at once; each MQTT client with a session and a subscription\n`);
    const sockets = [
      ...(await measure("MQTT", (n) => openMqtt(Number(new URL(mqtt).port), n))),
      ...(await measure("WebSocket", () => openWebSocket(Number(new URL(ingress).port)))),
    ];
    for (const socket of sockets) socket.destroy();
  } finally {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
