import type { TestContext } from "node:test";
import type { Access } from "../../main/access/access.ts";
import { ANYBODY, type Peer } from "../../main/access/permissions.ts";
import { accept } from "../../main/contract/errors.ts";
import { DEFAULT_MQTT_LIMITS, type MqttLimits } from "../../main/gateways/mqtt/config.ts";
import { createMqttGateway, type MqttGateway } from "../../main/gateways/mqtt/gateway.ts";
import { IntakePace } from "../../main/gateways/intake-pace.ts";
import { createSendingBudget, DEFAULT_SENDING_BYTES, type SendingBudget } from "../../main/gateways/sending-budget.ts";
import { createHub, type Hub } from "../../main/hub/hub.ts";
import type { RetainedBounds } from "../../main/hub/retained.ts";
import type { StateStore } from "../../main/hub/ports.ts";
import { systemClock } from "../../main/platform/clock.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { createMemoryLog, type MemoryLog } from "./memory-log.ts";
import { createMemoryState } from "./memory-state.ts";

export interface TestMqtt {
  readonly gateway: MqttGateway;
  readonly hub: Hub;
  readonly log: MemoryLog;
  readonly state: StateStore;
  readonly url: string;
  readonly port: number;
}

export interface TestMqttOptions {
  readonly limits?: Partial<MqttLimits>;
  readonly peer?: Peer;
  readonly retained?: RetainedBounds;
  readonly sending?: SendingBudget;
  /** Those of a hub that was there before. */
  readonly log?: MemoryLog;
  readonly state?: StateStore;
}

/** An MQTT gateway on a free port over a log in memory; stopped when the test ends. */
export async function startMqtt(t: TestContext, options: TestMqttOptions = {}): Promise<TestMqtt> {
  const log = options.log ?? createMemoryLog();
  const state = options.state ?? createMemoryState();
  const hub = createHub({
    log,
    sources: { all: () => [], save: (source) => Promise.resolve(accept(source)), remove: () => Promise.resolve(accept(undefined)) },
    clock: systemClock,
    logger: silentLogger,
    version: "0.0.0",
    dataFolder: "",
    createSources: false,
    maxBodyBytes: 1024 * 1024,
    maxSources: 1,
    ...(options.retained ? { retained: options.retained } : {}),
  });
  await hub.restore();
  const peer = options.peer ?? ANYBODY;
  const access: Access = { admit: () => accept(undefined), knows: () => true, authenticate: () => Promise.resolve(accept(peer)) };
  const limits = { ...DEFAULT_MQTT_LIMITS, ...options.limits };
  const sending = options.sending ?? createSendingBudget(DEFAULT_SENDING_BYTES, () => systemClock.monotonic());
  const gateway = createMqttGateway({
    hub,
    state,
    access,
    clock: systemClock,
    logger: silentLogger,
    limits,
    sending,
    intake: new IntakePace(systemClock),
    version: "0.0.0",
  });
  await gateway.start();
  t.after(() => gateway.stop());
  const { url } = await gateway.listen({ host: "127.0.0.1", port: 0 }, null);
  return { gateway, hub, log, state, url, port: Number(new URL(url).port) };
}
