import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

/** WebSocket against plain ws, rounds interleaved, medians. The driver sends frames made beforehand over raw sockets and counts bytes: every frame has one length. */
const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    idle: { type: "string", default: "5000" },
  },
});

const KINDS = ["ws", "gateway", "durable"] as const;
type Kind = (typeof KINDS)[number];

interface Server {
  readonly port: number;
  readonly child: ChildProcess;
}

const BODY = 100;
/** RFC 6455 §5.2: two bytes of head, and four of mask on what a client sends; a mask of zeros changes nothing. */
const RECEIVED = 2 + BODY;
const SENT = Buffer.concat([Buffer.from([0x82, 0x80 | BODY, 0, 0, 0, 0]), Buffer.alloc(BODY, "x")]);
const MANY = Buffer.concat(Array.from({ length: 4096 }, () => SENT));

/** For threads to have started, and garbage to have been collected. */
const SETTLE_MS = 3000;

async function start(kind: Kind): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "servers/websocket.ts"), kind], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { port: Number(line), child };
}

async function stop({ child }: Server): Promise<void> {
  child.kill("SIGTERM");
  await once(child, "exit");
}

/** Opens connections a few at a time; `onBytes` is told what comes after the handshake. */
async function openAll(port: number, paths: readonly string[], onBytes: (socket: Socket, bytes: number) => void): Promise<Socket[]> {
  const open = async (path: string): Promise<Socket> => {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    const key = "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${key}\r\n\r\n`);
    await once(socket, "data");
    socket.on("data", (chunk) => onBytes(socket, chunk.length));
    return socket;
  };
  const sockets: Socket[] = [];
  for (let at = 0; at < paths.length; at += 50) sockets.push(...(await Promise.all(paths.slice(at, at + 50).map(open))));
  return sockets;
}

async function countPerSecond(read: () => number): Promise<number> {
  await pause(500);
  const before = read();
  const startedAt = performance.now();
  await pause(Number(values.seconds) * 1000);
  return ((read() - before) / (performance.now() - startedAt)) * 1000;
}

async function echo(kind: Kind): Promise<number> {
  const server = await start(kind);
  let frames = 0;
  const rest = new Map<Socket, number>();
  const paths = Array.from({ length: 100 }, (_, n) => `/ws/topic/echo-${n}`);
  const sockets = await openAll(server.port, paths, (socket, bytes) => {
    const have = (rest.get(socket) ?? 0) + bytes;
    const whole = Math.floor(have / RECEIVED);
    rest.set(socket, have - whole * RECEIVED);
    frames += whole;
    socket.write(MANY.subarray(0, whole * SENT.length));
  });
  for (const socket of sockets) socket.write(MANY.subarray(0, 16 * SENT.length));
  const figure = await countPerSecond(() => frames);
  for (const socket of sockets) socket.destroy();
  await stop(server);
  return figure;
}

async function broadcast(kind: Kind): Promise<number> {
  const server = await start(kind);
  let bytes = 0;
  const paths = Array.from({ length: 1000 }, () => "/ws/topic/broadcast");
  const sockets = await openAll(server.port, paths, (_socket, more) => (bytes += more));
  server.child.stdin!.write("8\n");
  const figure = (await countPerSecond(() => bytes)) / RECEIVED;
  for (const socket of sockets) socket.destroy();
  await stop(server);
  return figure;
}

async function idle(kind: Kind): Promise<number> {
  const server = await start(kind);
  const resident = (): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, "utf8"))?.[1]);
  await pause(SETTLE_MS);
  const before = resident();
  const count = Number(values.idle);
  const sockets = await openAll(server.port, Array<string>(count).fill("/ws"), () => undefined);
  await pause(SETTLE_MS);
  const figure = (resident() - before) / count;
  for (const socket of sockets) socket.destroy();
  await stop(server);
  return figure;
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

const SCENARIOS = [
  ["echo, 100 x 16, msg/s", echo, Number(values.rounds)],
  ["broadcast 1 to 1000, msg/s", broadcast, Number(values.rounds)],
  ["an idle connection, KiB", idle, 1],
] as const;

console.log(`Medians of ${values.rounds} interleaved rounds, 100-byte payloads; "durable" stores every event before it is given out\n`);
console.log(`${"".padEnd(28)}${KINDS.map((kind) => kind.padStart(12)).join("")}`);
for (const [name, measure, rounds] of SCENARIOS) {
  const figures: Record<Kind, number[]> = { ws: [], gateway: [], durable: [] };
  for (let round = 0; round < rounds; round += 1) for (const kind of KINDS) figures[kind].push(await measure(kind));
  const cells = KINDS.map((kind) => median(figures[kind])).map((figure) => figure.toFixed(figure < 100 ? 1 : 0).padStart(12));
  console.log(`${name.padEnd(28)}${cells.join("")}`);
}
