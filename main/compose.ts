import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { createAccess } from "./access/access.ts";
import { openKeys, type Keys } from "./access/keys.ts";
import { createBridges } from "./bridges/bridges.ts";
import type { Config } from "./config/config.ts";
import { removeHubFile, writeHubFile } from "./config/hub-file.ts";
import { keepToken, readOrMakeToken } from "./config/token-file.ts";
import { RefusalError } from "./contract/errors.ts";
import type { ListenerStatus } from "./contract/status.ts";
import { DEFAULT_MQTT_LIMITS } from "./gateways/mqtt/config.ts";
import { createMqttGateway } from "./gateways/mqtt/gateway.ts";
import { createMqttUpgrade } from "./gateways/mqtt/websocket-upgrade.ts";
import { createHub, type Hub } from "./hub/hub.ts";
import { createInspector, type Inspector } from "./inspector/inspector.ts";
import { systemClock, type Clock } from "./platform/clock.ts";
import type { Logger } from "./platform/log.ts";
import { openIngress } from "./open-ingress.ts";
import { isLoopback } from "./platform/net.ts";
import { openStore } from "./store/open-store.ts";

export interface RunningHub {
  readonly hub: Hub;
  readonly inspector: Inspector;
  readonly keys: Keys;
  /** Those that are on, with the ports they got. */
  readonly listeners: readonly ListenerStatus[];
  /** Takes nothing new, finishes what is in hand (at most 3 s), commits what is queued, closes. May be called twice. */
  stop(): Promise<void>;
}

export interface ComposeOptions {
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** Topic, properties and header around the body of a PUBLISH. */
const MQTT_OVERHEAD_BYTES = 64 * 1024;

/** Config → running parts; the only file that knows them all. Throws a RefusalError, with everything closed again. */
export async function compose(config: Config, { logger, clock = systemClock }: ComposeOptions): Promise<RunningHub> {
  const { dataFolder, limits } = config;
  process.umask(0o077); // events can hold secrets: what is written is the owner's alone, in whatever folder
  makeFolder(dataFolder);
  const keys = openKeys({ path: join(dataFolder, "keys.json"), now: () => clock.now() });
  checkExposure(config, keys, logger);

  /** What to undo, last first. */
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (let close = opened.pop(); close; close = opened.pop()) {
      try {
        await close();
      } catch (error) {
        logger.error("A part of the hub did not close cleanly; the others go on closing.", { error });
      }
    }
  };

  try {
    const { maxQueuedEvents, maxQueuedBytes } = limits;
    const store = await openStore({ folder: dataFolder, clock, logger, maxQueuedEvents, maxQueuedBytes });
    opened.push(() => store.close());

    const token = config.token ?? readOrMakeToken(dataFolder);
    if (config.token !== null) keepToken(dataFolder, config.token);
    const listeners: ListenerStatus[] = [];
    const { maxBodyBytes, createSources } = config;
    const hub = createHub({
      log: store.log,
      state: store.state,
      keeping: {
        retention: { keepForMs: config.keepForMs, keepEvents: config.keepEvents, keepBytes: config.keepBytes },
        record: config.record,
      },
      sources: store.sources,
      clock,
      logger,
      version: manifest.version,
      dataFolder,
      createSources,
      maxBodyBytes,
      maxSources: limits.maxSources,
      listeners: () => listeners,
    });
    opened.push(() => hub.close());
    await hub.restore();
    const { retention } = hub.settings.get();
    if (Object.values(retention).every((bound) => bound === null))
      logger.info("Every event is kept: the log grows until keep-for, keep-events or keep-bytes says otherwise.");
    /** Those that talk to peers stop at the same time, so that their patience does not add up. */
    const faces: (() => Promise<void>)[] = [];
    opened.push(async () => void (await Promise.all(faces.map((stop) => stop()))));

    const bridges = createBridges({ hub, state: store.state, logId: store.log.status().id, clock, logger, configured: config.bridges });
    hub.bridges = bridges;
    faces.push(() => bridges.stop());
    bridges.start();

    const access = createAccess({ keys, allowAnonymous: config.allowAnonymous, now: () => clock.monotonic() });
    const mqtt = createMqttGateway({
      hub,
      state: store.state,
      access,
      clock,
      logger,
      config: { listen: config.mqtt, limits: { ...DEFAULT_MQTT_LIMITS, maxPacketBytes: config.maxBodyBytes + MQTT_OVERHEAD_BYTES } },
      version: manifest.version,
    });
    if (config.mqtt || config.ingress) {
      faces.push(() => mqtt.stop());
      await mqtt.start();
      for (const url of mqtt.urls()) listeners.push({ name: "mqtt", url, setting: "mqtt" });
    }

    if (config.ingress) {
      const { listener, stop } = await openIngress({
        hub,
        access,
        clock,
        logger,
        version: manifest.version,
        listen: config.ingress,
        limits,
        maxBodyBytes,
        allowHosts: config.allowHosts,
        allowOrigins: config.allowOrigins,
        before: (guard) => [
          createMqttUpgrade({
            guard,
            clock,
            maxFrameBytes: maxBodyBytes + MQTT_OVERHEAD_BYTES,
            accept: (socket, address) => mqtt.accept(socket, address),
          }),
        ],
      });
      listeners.push({ name: "ingress", url: listener.url(), setting: "ingress" });
      faces.push(stop);
    }

    const { inspector: listen, allowHosts } = config;
    const inspector = createInspector({ hub, keys, token, listen, allowHosts, rendererFolder: rendererFolder(), clock, logger });
    const { url } = await inspector.start();
    if (url !== null) listeners.push({ name: "inspector", url, setting: "inspector" });
    faces.push(() => inspector.stop());

    const urlOf = (name: ListenerStatus["name"]): string | null => listeners.find((one) => one.name === name)?.url ?? null;
    writeHubFile(dataFolder, { pid: process.pid, inspector: urlOf("inspector"), ingress: urlOf("ingress"), startedAt: clock.now() });
    opened.push(() => removeHubFile(dataFolder));

    let stopping: Promise<void> | null = null;
    return { hub, inspector, keys, listeners, stop: () => (stopping ??= closeAll()) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Nobody outside this machine may send events while there are no keys, unless that is asked for by name. */
function checkExposure({ ingress, mqtt, inspector, allowAnonymous }: Config, keys: Keys, logger: Logger): void {
  for (const [listener, address] of Object.entries({ ingress, mqtt })) {
    if (!address || isLoopback(address.host) || allowAnonymous || keys.list().length > 0) continue;
    const message = `The ${listener} would listen on ${address.host}, where anyone on your network could publish. Make a key first, use --${listener} 127.0.0.1:${address.port}, or allow it with --allow-anonymous.`;
    throw new RefusalError({ code: "LISTEN_REFUSED", message, details: { listener, setting: "allow-anonymous", ...address } });
  }
  if (inspector && !isLoopback(inspector.host))
    logger.warn("The inspector listens beyond this machine without TLS: its token can be read on the way.", { host: inspector.host });
}

function makeFolder(dataFolder: string): void {
  try {
    makeFolders(dataFolder);
  } catch (error) {
    const message = `The data folder ${dataFolder} cannot be made: ${(error as Error).message}. Choose another with --data.`;
    throw new RefusalError({ code: "STORE_READ_ONLY", message, details: { setting: "data", folder: dataFolder } });
  }
}

/** Not mkdir's own `recursive`: where a parent takes no folders, as in /proc, Node's never comes back. */
function makeFolders(folder: string): void {
  const isThere = (): boolean => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
  if (isThere()) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isThere()) throw error; // another program may have been faster
  }
}

/** Beside the sources, or beside the built program. */
function rendererFolder(): string {
  const built = join(import.meta.dirname, "../renderer");
  return existsSync(join(built, "index.html")) && import.meta.filename.endsWith(".js")
    ? built
    : join(import.meta.dirname, "../dist/renderer");
}
