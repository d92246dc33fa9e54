import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface PacedResult {
  readonly sent: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Lane {
  readonly socket: Socket;
  /** When the request in flight was due; null when there is none. */
  dueAt: number | null;
}

const SEPARATOR = Buffer.from("\r\n\r\n");

/**
 * Posts `body` at a fixed rate over raw sockets, one request in flight on each. Time counts from when a request was due,
 * so a server that stalls is charged for those that had to wait, too.
 */
export async function runPacedLoad(
  url: string,
  options: { readonly body: string; readonly connections: number; readonly perSecond: number; readonly seconds: number },
): Promise<PacedResult> {
  const { hostname, port, host, pathname } = new URL(url);
  const length = Buffer.byteLength(options.body);
  const request = Buffer.from(
    `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n${options.body}`,
  );
  const latencies: number[] = [];
  const due: number[] = [];
  const free: Lane[] = [];

  const send = (lane: Lane, dueAt: number): void => {
    lane.dueAt = dueAt;
    lane.socket.write(request);
  };
  const onAnswer = (lane: Lane): void => {
    latencies.push(performance.now() - lane.dueAt!);
    lane.dueAt = null;
    const next = due.shift();
    if (next === undefined) free.push(lane);
    else send(lane, next);
  };

  for (let index = 0; index < options.connections; index += 1) {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, "connect");
    const lane: Lane = { socket, dueAt: null };
    let received: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const headEnd = received.indexOf(SEPARATOR);
      if (headEnd < 0) return;
      const head = received.toString("latin1", 0, headEnd);
      if (!head.startsWith("HTTP/1.1 200")) throw new Error(`Answered: ${head}`);
      if (received.length < headEnd + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)) return;
      received = Buffer.alloc(0);
      onAnswer(lane);
    });
    free.push(lane);
  }

  const began = performance.now();
  const total = Math.floor(options.perSecond * options.seconds);
  let issued = 0;
  await new Promise<void>((resolve) => {
    const turn = (): void => {
      const owed = Math.min(total, Math.floor(((performance.now() - began) / 1000) * options.perSecond));
      for (; issued < owed; issued += 1) {
        const dueAt = began + (issued / options.perSecond) * 1000;
        const lane = free.pop();
        if (lane) send(lane, dueAt);
        else due.push(dueAt);
      }
      if (latencies.length === total) return resolve();
      setTimeout(turn, 1);
    };
    turn();
  });
  const took = (performance.now() - began) / 1000;
  for (const lane of free) lane.socket.destroy();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => latencies[Math.min(total - 1, Math.floor(total * share))] ?? Number.NaN;
  return { sent: total, perSecond: total / took, p50Ms: at(0.5), p99Ms: at(0.99) };
}
