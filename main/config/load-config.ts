import { dirname, join } from "node:path";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { closest } from "../platform/closest.ts";
import type { Config } from "./config.ts";
import { readConfigFile, type FileEntry } from "./config-file.ts";
import { defaultDataFolder } from "./default-data-folder.ts";
import type { FlagValues } from "./parse-flags.ts";
import { SETTING_KEYS, SETTINGS, variableOf, type FlatConfig } from "./settings.ts";

export interface LoadInput {
  /** As parseFlags gives them; names that are no settings are left alone. */
  readonly flags: FlagValues;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly platform?: NodeJS.Platform;
}

export interface LoadedConfig {
  readonly config: Config;
  /** The settings file that was used. */
  readonly file: string | null;
  /** Sentences for the log: nothing wrong enough to refuse. */
  readonly warnings: readonly string[];
}

interface Given {
  readonly value: unknown;
  readonly where: string;
  readonly base: string;
}

/** Where a setting that was given comes from decides: file < environment < flag. Refuses the first wrong value with CONFIG_INVALID. */
export function loadConfig(input: LoadInput): Result<LoadedConfig> {
  const given = new Map<keyof FlatConfig, Given>();
  for (const key of SETTING_KEYS) {
    const fromEnv = fromEnvironment(SETTINGS[key].name, input);
    const flag = input.flags[SETTINGS[key].name];
    if (fromEnv) given.set(key, fromEnv);
    if (flag !== undefined) given.set(key, { value: flag, where: `--${SETTINGS[key].name}`, base: input.cwd });
  }

  const folder = readSetting("dataFolder", given.get("dataFolder"));
  if (!folder.ok) return folder;
  const standard = defaultDataFolder(input.env, input.platform ?? process.platform);
  const file = readFile(input, folder.value ?? standard);
  if (!file.ok) return file;
  for (const entry of file.value.entries) {
    const key = keyOf(entry);
    if (!key.ok) return key;
    if (key.value === "dataFolder" && !file.value.named)
      return refuse(
        "CONFIG_INVALID",
        `A settings file found in the data folder cannot move that folder (${entry.where}). Use --data or --config.`,
      );
    if (!given.has(key.value)) given.set(key.value, { ...entry, base: dirname(file.value.path) });
  }

  const flat: Partial<Record<keyof FlatConfig, unknown>> = {};
  for (const key of SETTING_KEYS) {
    const value = readSetting(key, given.get(key));
    if (!value.ok) return value;
    flat[key] = given.has(key) ? value.value : SETTINGS[key].initial;
  }
  if (!given.has("dataFolder")) flat.dataFolder = standard;
  const config = toConfig(flat as FlatConfig);
  const fault = contradiction(config);
  if (fault) return refuse("CONFIG_INVALID", fault.message, { setting: fault.setting });
  return accept({ config, file: file.value.entries.length > 0 ? file.value.path : null, warnings: unknownVariables(input.env) });
}

function fromEnvironment(name: string, { env, cwd }: LoadInput): Given | null {
  const value = env[variableOf(name)];
  return value === undefined || value === "" ? null : { value, where: variableOf(name), base: cwd };
}

/** The value of one setting; undefined when it is not given. */
function readSetting<K extends keyof FlatConfig>(key: K, given: Given | undefined): Result<FlatConfig[K] | undefined> {
  if (!given) return accept(undefined);
  const setting = SETTINGS[key];
  const parsed = setting.parse(given.value, given.base);
  if ("value" in parsed) return accept(parsed.value);
  const found = setting.secret ? "the value given" : quote(given.value);
  return refuse("CONFIG_INVALID", `${given.where}: ${found} cannot be used for "${setting.name}". Expected: ${parsed.expected}.`, {
    setting: setting.name,
    where: given.where,
    expected: parsed.expected,
  });
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** `--config` and SIGNALBOX_CONFIG must exist; the one in the data folder may be missing. */
function readFile(input: LoadInput, folder: string): Result<{ path: string; named: boolean; entries: readonly FileEntry[] }> {
  const flag = input.flags["config"];
  const given = typeof flag === "string" ? { value: flag, where: "--config" } : fromEnvironment("config", input);
  const resolved = given && SETTINGS.dataFolder.parse(given.value, input.cwd);
  if (given && !(resolved && "value" in resolved))
    return refuse("CONFIG_INVALID", `${given.where} must name a file.`, { setting: "config" });
  const path = resolved && "value" in resolved ? resolved.value : join(folder, "signalbox.yaml");
  const entries = readConfigFile(path);
  if (!entries.ok) return entries;
  if (given && entries.value === null)
    return refuse("CONFIG_INVALID", `There is no settings file ${path}, which ${given.where} names.`, { setting: "config", file: path });
  return accept({ path, named: given !== null, entries: entries.value ?? [] });
}

function keyOf({ name, where }: FileEntry): Result<keyof FlatConfig> {
  const key = SETTING_KEYS.find((one) => SETTINGS[one].name === name);
  if (key) return accept(key);
  const names = SETTING_KEYS.map((one) => SETTINGS[one].name);
  const near = closest(name, names);
  const advice = near ? `Did you mean "${near}"?` : `Known are ${names.join(", ")}.`;
  return refuse("CONFIG_INVALID", `${where}: there is no setting "${name}". ${advice}`, { setting: name, where });
}

function unknownVariables(env: NodeJS.ProcessEnv): string[] {
  const known = ["config", ...SETTING_KEYS.map((key) => SETTINGS[key].name)].map(variableOf);
  return Object.keys(env)
    .filter((name) => name.startsWith("SIGNALBOX_") && !known.includes(name))
    .map((name) => {
      const near = closest(name, known);
      return `The variable ${name} is no setting of this version and does nothing.${near ? ` Did you mean ${near}?` : ""}`;
    });
}

function toConfig(flat: FlatConfig): Config {
  const { maxHeaderBytes, headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs, maxConnections, ...others } = flat;
  const { maxReceivingBytes, maxSendingBytes, maxQueuedEvents, maxQueuedBytes, maxSources, maxRetained, maxRetainedBytes, ...rest } =
    others;
  const times = { headersTimeoutMs, requestTimeoutMs, keepAliveTimeoutMs };
  const kept = { maxQueuedEvents, maxQueuedBytes, maxSources, maxRetained, maxRetainedBytes };
  return { ...rest, limits: { maxHeaderBytes, ...times, maxConnections, maxReceivingBytes, maxSendingBytes, ...kept } };
}

/** Settings that are right one by one and wrong together. */
function contradiction({ limits, maxBodyBytes, tlsCert, tlsKey }: Config): { setting: string; message: string } | null {
  if ((tlsCert === null) !== (tlsKey === null)) {
    const [given, missing] = tlsCert === null ? ["tls-key", "tls-cert"] : ["tls-cert", "tls-key"];
    return { setting: missing, message: `"${given}" is given without "${missing}": a certificate and its key are of use together only.` };
  }
  if (limits.headersTimeoutMs > limits.requestTimeoutMs)
    return {
      setting: "headers-timeout",
      message: `"headers-timeout" (${limits.headersTimeoutMs} ms) must not be longer than "request-timeout" (${limits.requestTimeoutMs} ms).`,
    };
  for (const [setting, bytes] of [
    ["max-receiving", limits.maxReceivingBytes] as const,
    ["max-queued-bytes", limits.maxQueuedBytes] as const,
  ])
    if (bytes < maxBodyBytes)
      return {
        setting,
        message: `"${setting}" (${bytes} bytes) must not be less than "max-body" (${maxBodyBytes} bytes), or the largest body never fits.`,
      };
  return null;
}
