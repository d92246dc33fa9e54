import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { connectAsync, type MqttClient } from "mqtt";
import { eventually } from "./eventually.ts";
import { tempFolder } from "./temp-folder.ts";

const PROGRAM = "/usr/sbin/mosquitto";

/** Why tests against mosquitto are skipped; false when it is there. */
export const NO_MOSQUITTO: string | false = existsSync(PROGRAM) ? false : `${PROGRAM} is not installed (Debian's package mosquitto)`;

export interface Mosquitto {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** A client of it, ended after the test. */
  client(): Promise<MqttClient>;
}

/** A broker of the test's own on a free port, which keeps its sessions over a restart; ended after the test. */
export async function createMosquitto(t: TestContext, more = ""): Promise<Mosquitto> {
  const folder = tempFolder(t);
  const port = await freePort();
  const config = join(folder, "mosquitto.conf");
  const anonymous = more.includes("allow_anonymous") ? "" : "allow_anonymous true\n";
  writeFileSync(config, `listener ${port} 127.0.0.1\n${anonymous}persistence true\npersistence_location ${folder}/\n${more}\n`);
  const clients: MqttClient[] = [];
  let child: ChildProcess | null = null;
  const url = `mqtt://127.0.0.1:${port}`;

  async function stop(): Promise<void> {
    if (child === null || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    child = null;
  }
  t.after(async () => {
    for (const client of clients) client.end(true);
    await stop();
  });
  return {
    url,
    async start() {
      child = spawn(PROGRAM, ["-c", config], { stdio: "ignore" });
      await eventually("mosquitto answers", async () => {
        try {
          const probe = await connectAsync(url, { reconnectPeriod: 0, username: "ada", password: "secret" });
          await probe.endAsync();
          return true;
        } catch {
          return false;
        }
      });
    },
    stop,
    async client() {
      const client = await connectAsync(url, { protocolVersion: 5 });
      clients.push(client);
      return client;
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
