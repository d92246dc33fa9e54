import { LOG_LEVELS, type Config, type Limits, type ListenAddress } from "./config.ts";
import { USUAL_PORTS, type ListenerName } from "../contract/listener.ts";
import { LEAST_KEPT } from "../contract/settings.ts";
import { parseBridges } from "./parse-bridges.ts";
import { parseRecord } from "./parse-record.ts";
import { parseTunnels } from "./parse-tunnels.ts";
import {
  formatDuration,
  formatSize,
  parseBound,
  parseChoice,
  parseCount,
  parseDuration,
  parseFile,
  parseFolder,
  parseHosts,
  parseListen,
  parseOrigins,
  parseSize,
  parseSwitch,
  parseTargets,
  parseToken,
  type ParseValue,
} from "./parse-value.ts";

/** Config without its levels: what the settings fill in. */
export type FlatConfig = Omit<Config, "limits"> & Limits;

export interface Setting<T> {
  /** The key in signalbox.yaml and, after `--`, the flag; in capitals with underscores after SIGNALBOX_, the variable. */
  readonly name: string;
  /** What stands for the value in the help; a setting without one is a switch. */
  readonly value: string | null;
  readonly help: string;
  /** As the help shows it. */
  readonly preset: string;
  readonly initial: T;
  readonly parse: ParseValue<T>;
  /** Never repeated in a message. */
  readonly secret?: true;
  /** The flag may be given several times. */
  readonly multiple?: true;
}

const MIB = 1024 ** 2;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function listen(name: ListenerName, help: string): Setting<ListenAddress> {
  const port = USUAL_PORTS[name];
  return { name, value: "HOST:PORT", help, preset: `127.0.0.1:${port}`, initial: { host: "127.0.0.1", port }, parse: parseListen };
}
function listenTls(name: ListenerName, help: string): Setting<ListenAddress> {
  return { name, value: "HOST:PORT", help: `${help}; usually ${USUAL_PORTS[name]}`, preset: "off", initial: null, parse: parseListen };
}
function file(name: string, help: string, preset: string): Setting<string | null> {
  return { name, value: "FILE", help, preset, initial: null, parse: parseFile };
}
function size(name: string, initial: number, min: number, max: number, help: string): Setting<number> {
  return { name, value: "SIZE", help, preset: formatSize(initial), initial, parse: parseSize(min, max) };
}
function duration(name: string, initial: number, help: string): Setting<number> {
  return { name, value: "TIME", help, preset: formatDuration(initial), initial, parse: parseDuration(100, 60 * MINUTE) };
}
function count(name: string, initial: number, max: number, help: string): Setting<number> {
  return { name, value: "N", help, preset: String(initial), initial, parse: parseCount(1, max) };
}
function bound(name: string, value: string, parse: ParseValue<number>, help: string): Setting<number | null> {
  return { name, value, help, preset: "off", initial: null, parse: parseBound(parse) };
}
function toggle(name: string, initial: boolean, help: string): Setting<boolean> {
  return { name, value: null, help, preset: initial ? "on" : "off", initial, parse: parseSwitch };
}

/** Everything that can be set, once: file, environment, flags and help are all made from this. */
export const SETTINGS: { readonly [K in keyof FlatConfig]: Setting<FlatConfig[K]> } = {
  dataFolder: {
    name: "data",
    value: "FOLDER",
    help: "where events and settings are kept",
    preset: "the platform's place for application data",
    initial: "", // replaced by defaultDataFolder, which needs the environment
    parse: parseFolder,
  },
  ingress: listen("ingress", "where webhooks come in; port 0 is any free one, `off` none"),
  inspector: listen("inspector", "where the inspector and its API are served"),
  mqtt: listen("mqtt", "where MQTT devices connect"),
  https: listenTls("https", "what the ingress carries, over TLS"),
  mqtts: listenTls("mqtts", "MQTT over TLS"),
  tlsCert: file("tls-cert", "certificate of https and mqtts, in PEM, with the chain if there is one", "one is made"),
  tlsKey: file("tls-key", "its private key, in PEM; both files are read again when they change", "one is made"),
  token: {
    name: "token",
    value: "TOKEN",
    help: "the inspector's token",
    preset: "made once, kept in FOLDER/token",
    initial: null,
    parse: parseToken,
    secret: true,
  },
  logLevel: {
    name: "log",
    value: "LEVEL",
    help: `how much is said on stderr: ${LOG_LEVELS.join(", ")}`,
    preset: "info",
    initial: "info",
    parse: parseChoice(LOG_LEVELS),
  },
  maxBodyBytes: size("max-body", 10 * MIB, 0, 256 * MIB, "largest body of an event"),
  createSources: toggle("create-sources", true, "an unknown /in/<source> is made on first use"),
  allowAnonymous: toggle("allow-anonymous", false, "listen beyond this machine though anyone there could send events"),
  allowHosts: {
    name: "allow-hosts",
    value: "NAMES",
    help: "host names the listeners answer for beside their own addresses",
    preset: "none",
    initial: [],
    parse: parseHosts,
    multiple: true,
  },
  allowOrigins: {
    name: "allow-origins",
    value: "ORIGINS",
    help: "web pages that may use the ingress, like https://app.example",
    preset: "none",
    initial: [],
    parse: parseOrigins,
    multiple: true,
  },
  allowTargets: {
    name: "allow-targets",
    value: "NAMES",
    help: "hosts, addresses or networks that deliveries may reach though they are private, like 10.0.0.0/8",
    preset: "none",
    initial: [],
    parse: parseTargets,
    multiple: true,
  },
  keepForMs: bound("keep-for", "TIME", parseDuration(LEAST_KEPT.keepForMs, 36_500 * DAY), "remove events older than this, like 30d"),
  keepEvents: bound("keep-events", "N", parseCount(LEAST_KEPT.keepEvents, 1e12), "keep so many events, and remove the oldest beyond"),
  keepBytes: bound(
    "keep-bytes",
    "SIZE",
    parseSize(LEAST_KEPT.keepBytes, 1024 ** 5),
    "remove the oldest events when the log's file holds more",
  ),
  record: {
    name: "record",
    value: "FILTER=POLICY",
    help: "what is kept of a topic: all, only the last event, or none; the first that matches decides",
    preset: "all of every topic",
    initial: [],
    parse: parseRecord,
    multiple: true,
  },
  bridges: {
    name: "bridges",
    value: "JSON",
    help: "connections to other MQTT brokers; best given as a list in the settings file",
    preset: "none",
    initial: [],
    parse: parseBridges,
    secret: true,
  },
  tunnels: {
    name: "tunnels",
    value: "JSON",
    help: "tunnels to the internet; best given as a list in the settings file",
    preset: "none",
    initial: [],
    parse: parseTunnels,
    secret: true,
  },
  maxHeaderBytes: size("max-headers", 32 * 1024, 1024, MIB, "all headers of a request together"),
  headersTimeoutMs: duration("headers-timeout", 10_000, "time for a request's headers to arrive"),
  requestTimeoutMs: duration("request-timeout", MINUTE, "time for a whole request to arrive"),
  keepAliveTimeoutMs: duration("keep-alive-timeout", 65_000, "how long an idle connection is kept"),
  maxConnections: count("max-connections", 10_000, 1_000_000, "connections at once"),
  maxReceivingBytes: size("max-receiving", 256 * MIB, 1024, 64 * 1024 * MIB, "bodies being received at once, over all connections"),
  maxSendingBytes: size("max-sending", 256 * MIB, 64 * 1024, 64 * 1024 * MIB, "what waits for slow readers, over all connections"),
  maxQueuedEvents: count("max-queued-events", 100_000, 10_000_000, "events waiting to be stored"),
  maxQueuedBytes: size("max-queued-bytes", 256 * MIB, 1024, 64 * 1024 * MIB, "their bytes"),
  maxSources: count("max-sources", 1000, 100_000, "webhook sources"),
  maxRetained: count("max-retained", 100_000, 10_000_000, "retained events, one a topic"),
  maxRetainedBytes: size("max-retained-bytes", 256 * MIB, 1024, 64 * 1024 * MIB, "what they take in memory"),
};

export const SETTING_KEYS = Object.keys(SETTINGS) as (keyof FlatConfig)[];

export function variableOf(name: string): string {
  return `SIGNALBOX_${name.toUpperCase().replaceAll("-", "_")}`;
}
