import type { TestContext } from "node:test";
import { createAccess } from "../../main/access/access.ts";
import { openKeys, type Keys } from "../../main/access/keys.ts";
import type { Limits } from "../../main/config/config.ts";
import type { HttpListener } from "../../main/gateways/http-listener.ts";
import type { SseConfig } from "../../main/gateways/sse/config.ts";
import type { WebSocketConfig } from "../../main/gateways/websocket/config.ts";
import { DEFAULT_MQTT_LIMITS, type MqttLimits } from "../../main/gateways/mqtt/config.ts";
import { IntakePace } from "../../main/gateways/intake-pace.ts";
import { createSendingBudget } from "../../main/gateways/sending-budget.ts";
import type { SocketIoConfig } from "../../main/gateways/socket-io/config.ts";
import { createMqttGateway } from "../../main/gateways/mqtt/gateway.ts";
import { createMqttUpgrade } from "../../main/gateways/mqtt/websocket-upgrade.ts";
import type { WebhookOutside } from "../../main/gateways/webhook/outside.ts";
import { createHub, type Hub } from "../../main/hub/hub.ts";
import { openIngress } from "../../main/open-ingress.ts";
import { systemClock, type Clock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { providerDirectory } from "../../main/webhooks/provider-directory.ts";
import { createMemoryLog, createMemorySources, type MemoryLog } from "./memory-log.ts";
import { createMemoryState } from "./memory-state.ts";
import { openRaw, type RawConnection } from "./raw-connection.ts";
import { testConfig } from "./test-config.ts";

export interface TestIngress {
  readonly hub: Hub;
  readonly log: MemoryLog;
  readonly port: number;
  readonly url: string;
  /** MQTT over TCP. */
  readonly mqttUrl: string;
  readonly keys: Keys;
  readonly listener: HttpListener;
  readonly connect: () => Promise<RawConnection>;
  readonly stop: () => Promise<void>;
}

export interface TestIngressOptions extends Partial<Limits> {
  readonly maxBodyBytes?: number;
  readonly createSources?: boolean;
  readonly allowHosts?: readonly string[];
  readonly allowOrigins?: readonly string[];
  readonly websocket?: Partial<WebSocketConfig>;
  readonly sse?: Partial<SseConfig>;
  readonly socketIo?: Partial<SocketIoConfig>;
  readonly mqtt?: Partial<MqttLimits>;
  readonly outside?: WebhookOutside;
  /** The gateways' clock; the hub's is the system's. */
  readonly clock?: Clock;
  /** That of an earlier hub, to go on with. */
  readonly log?: MemoryLog;
}

/** Topic, properties and header around the body of a PUBLISH. */
const MQTT_OVERHEAD_BYTES = 64 * 1024;

/** The real ingress with all its gateways, over a log in memory; stopped after the test. */
export async function startTestIngress(t: TestContext, options: TestIngressOptions = {}): Promise<TestIngress> {
  const { maxBodyBytes = 10 * 1024 * 1024, createSources = true, clock = systemClock, ...others } = options;
  const {
    allowHosts = [],
    allowOrigins = [],
    websocket,
    sse,
    socketIo,
    mqtt: mqttLimits = {},
    outside,
    log = createMemoryLog(),
    ...limits
  } = others;
  const all = testConfig("/nowhere", {}, limits).limits;
  const shared = { logger: silentLogger };
  const hub = createHub({
    ...shared,
    clock: systemClock,
    log,
    sources: createMemorySources(),
    providers: providerDirectory,
    version: "0.0.0-test",
    dataFolder: "/nowhere",
    createSources,
    maxBodyBytes,
    maxSources: all.maxSources,
  });
  const keys = openKeys({ path: null, now: () => systemClock.now() });
  const access = createAccess({ keys, allowAnonymous: false, now: () => systemClock.monotonic() });
  const intake = new IntakePace(systemClock);
  const sending = createSendingBudget(all.maxSendingBytes, () => systemClock.monotonic());
  const mqtt = createMqttGateway({
    ...shared,
    sending,
    intake,
    clock: systemClock,
    hub,
    state: createMemoryState(),
    access,
    limits: { ...DEFAULT_MQTT_LIMITS, maxBodyBytes, ...mqttLimits },
    version: "0.0.0-test",
  });
  await mqtt.start();
  const { url: mqttUrl } = await mqtt.listen({ host: "127.0.0.1", port: 0 }, null);
  const { listener, stop } = await openIngress({
    ...shared,
    sending,
    clock,
    hub,
    access,
    version: "0.0.0-test",
    listen: { host: "127.0.0.1", port: 0 },
    limits: all,
    maxBodyBytes,
    allowHosts,
    allowOrigins,
    checkIntervalMs: 20,
    before: (guard) => [
      createMqttUpgrade({
        guard,
        clock,
        maxFrameBytes: maxBodyBytes + MQTT_OVERHEAD_BYTES,
        accept: (socket, address) => mqtt.accept(socket, address),
      }),
    ],
    ...(outside ? { outside } : {}),
    ...(websocket ? { websocket } : {}),
    ...(sse ? { sse } : {}),
    ...(socketIo ? { socketIo } : {}),
  });
  const port = Number(new URL(listener.url()).port);
  const opened: RawConnection[] = [];
  t.after(async () => {
    for (const { socket } of opened) socket.destroy();
    await stopAll();
  });
  const stopAll = async (): Promise<void> => {
    await Promise.all([stop(), mqtt.stop()]);
  };
  const connect = async (): Promise<RawConnection> => {
    const connection = await openRaw(t, port);
    opened.push(connection);
    return connection;
  };
  return { hub, log, port, url: `http://127.0.0.1:${port}`, mqttUrl, keys, listener, connect, stop: stopAll };
}
