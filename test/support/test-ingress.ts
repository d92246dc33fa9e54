import type { TestContext } from "node:test";
import type { Limits } from "../../main/config/config.ts";
import { createHttpListener, type HttpListener } from "../../main/gateways/http-listener.ts";
import { createIngressApp } from "../../main/gateways/ingress-app.ts";
import { createWebhookGateway } from "../../main/gateways/webhook/gateway.ts";
import { createHub, type Hub } from "../../main/hub/hub.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { createMemoryLog, createMemorySources, type MemoryLog } from "./memory-log.ts";
import { openRaw, type RawConnection } from "./raw-connection.ts";
import { testConfig } from "./test-config.ts";

export interface TestIngress {
  readonly hub: Hub;
  readonly log: MemoryLog;
  readonly port: number;
  readonly listener: HttpListener;
  readonly connect: () => Promise<RawConnection>;
  readonly stop: () => Promise<void>;
}

export interface TestIngressOptions extends Partial<Limits> {
  readonly maxBodyBytes?: number;
  readonly createSources?: boolean;
}

/** The real ingress with the webhook gateway, over a log in memory; stopped after the test. */
export async function startTestIngress(t: TestContext, options: TestIngressOptions = {}): Promise<TestIngress> {
  const { maxBodyBytes = 10 * 1024 * 1024, createSources = true, ...limits } = options;
  const all = testConfig("/nowhere", {}, limits).limits;
  const log = createMemoryLog();
  const shared = { clock: systemClock, logger: silentLogger };
  const hub = createHub({
    ...shared,
    log,
    sources: createMemorySources(),
    version: "0.0.0-test",
    dataFolder: "/nowhere",
    createSources,
    maxBodyBytes,
    maxSources: all.maxSources,
    listeners: () => [],
  });
  const gateway = createWebhookGateway({ ...shared, hub, maxBodyBytes, maxReceivingBytes: all.maxReceivingBytes });
  const app = createIngressApp({ logger: silentLogger, version: "0.0.0-test" });
  const listener = createHttpListener({
    ...shared,
    ...all,
    host: "127.0.0.1",
    port: 0,
    counters: hub.counters,
    intake: (exchange) => gateway.handle(exchange),
    app,
    checkIntervalMs: 20,
  });
  await listener.start();
  const stop = async (): Promise<void> => {
    await gateway.stop();
    await listener.stop();
  };
  const port = Number(new URL(listener.url()).port);
  const opened: RawConnection[] = [];
  t.after(async () => {
    for (const { socket } of opened) socket.destroy();
    await stop();
  });
  const connect = async (): Promise<RawConnection> => {
    const connection = await openRaw(t, port);
    opened.push(connection);
    return connection;
  };
  return { hub, log, port, listener, connect, stop };
}
