import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { WebSocketServer } from "ws";
import { createAccess } from "../../main/access/access.ts";
import { openKeys } from "../../main/access/keys.ts";
import { createHub } from "../../main/hub/hub.ts";
import { openIngress } from "../../main/open-ingress.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { openStore } from "../../main/store/open-store.ts";
import { createMemoryLog, createMemorySources } from "../../test/support/memory-log.ts";
import { testConfig } from "../../test/support/test-config.ts";

/** `ws`: plain ws that echoes. `gateway`: ours over a log in memory. `durable`: ours over the store. A line on stdin: broadcast so many at once, again and again. */
const kind = process.argv[2];
const PAYLOAD = Buffer.alloc(100, "x");

function serveWs(): void {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
  server.on("connection", (socket) => socket.on("message", (data: Buffer) => socket.send(data, { binary: true })));
  server.on("listening", () => console.log((server.address() as { port: number }).port));
  onBroadcast((burst) => {
    for (let n = 0; n < burst; n += 1) for (const socket of server.clients) socket.send(PAYLOAD, { binary: true });
    return Promise.resolve();
  });
}

async function serveHub(): Promise<void> {
  const shared = { clock: systemClock, logger: silentLogger };
  const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.once("SIGTERM", () => process.exit(0));
  const bounds = { maxQueuedEvents: 100_000, maxQueuedBytes: 1024 ** 3 };
  const log = kind === "durable" ? (await openStore({ ...shared, folder, ...bounds })).log : createMemoryLog({ keep: false });
  const { limits, maxBodyBytes } = testConfig(folder);
  const about = { version: "bench", dataFolder: folder, createSources: true, maxSources: 1 };
  const hub = createHub({ ...shared, ...about, log, sources: createMemorySources(), maxBodyBytes });
  const keys = openKeys({ path: null, now: () => systemClock.now() });
  const access = createAccess({ keys, allowAnonymous: false, now: () => systemClock.monotonic() });
  const listen = { host: "127.0.0.1", port: 0 };
  const allowed = { allowHosts: [], allowOrigins: [] };
  const { listener } = await openIngress({ ...shared, ...allowed, hub, access, version: "bench", listen, limits, maxBodyBytes });
  console.log(new URL(listener.url()).port);
  onBroadcast((burst) =>
    Promise.all(
      Array.from({ length: burst }, () => hub.publish({ topic: "broadcast", payload: PAYLOAD, contentType: "application/octet-stream" })),
    ),
  );
}

function onBroadcast(send: (burst: number) => Promise<unknown>): void {
  createInterface(process.stdin).once("line", (line) => {
    const again = (): void => void send(Number(line)).then(() => setImmediate(again));
    again();
  });
}

if (kind === "ws") serveWs();
else await serveHub();
