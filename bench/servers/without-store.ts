import { tmpdir } from "node:os";
import { loadConfig } from "../../main/config/load-config.ts";
import { createHttpListener } from "../../main/gateways/http-listener.ts";
import { createIngressApp } from "../../main/gateways/ingress-app.ts";
import { createWebhookGateway } from "../../main/gateways/webhook/gateway.ts";
import { NOTHING_OUTSIDE } from "../../main/gateways/webhook/outside.ts";
import { createHub } from "../../main/hub/hub.ts";
import { systemClock as clock } from "../../main/platform/clock.ts";
import { silentLogger as logger } from "../../main/platform/log.ts";
import { createMemoryLog, createMemorySources } from "../../test/support/memory-log.ts";

/** The whole intake but for the disk: the log says "stored" on the next turn of the loop and forgets. */
const loaded = loadConfig({ flags: { data: tmpdir(), config: undefined }, env: {}, cwd: "/" });
if (!loaded.ok) throw new Error(loaded.refusal.message);
const { maxBodyBytes, createSources, limits } = loaded.value.config;
const hub = createHub({
  log: createMemoryLog({ keep: false }),
  sources: createMemorySources(),
  clock,
  logger,
  version: "bench",
  dataFolder: "",
  createSources,
  maxBodyBytes,
  maxSources: limits.maxSources,
});
const webhooks = createWebhookGateway({
  outside: NOTHING_OUTSIDE,
  hub,
  clock,
  logger,
  maxBodyBytes,
  maxReceivingBytes: limits.maxReceivingBytes,
});
const listener = createHttpListener({
  ...limits,
  host: "127.0.0.1",
  port: 0,
  clock,
  counters: hub.counters,
  logger,
  intake: (exchange) => webhooks.handle(exchange),
  app: createIngressApp({ logger, version: "bench", guard: { corsHeaders: () => [] } }),
});
await listener.start();
console.log(JSON.stringify({ ingress: listener.url() }));
