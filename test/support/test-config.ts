import assert from "node:assert/strict";
import type { Config, Limits } from "../../main/config/config.ts";
import { loadConfig } from "../../main/config/load-config.ts";

/** The defaults on any free ports, silent, with what a test wants otherwise. */
export function testConfig(dataFolder: string, change: Partial<Config> = {}, limits: Partial<Limits> = {}): Config {
  const flags = { data: dataFolder, ingress: "127.0.0.1:0", inspector: "127.0.0.1:0", mqtt: "off", log: "silent" };
  const loaded = loadConfig({ flags, env: {}, cwd: dataFolder });
  assert.ok(loaded.ok, "the defaults are a valid configuration");
  const { config } = loaded.value;
  return { ...config, ...change, limits: { ...config.limits, ...change.limits, ...limits } };
}
