import { existsSync } from "node:fs";
import { join } from "node:path";
import manifest from "../package.json" with { type: "json" };
import { openSourceSecretFile } from "./access/source-secret-file.ts";
import { createAccess } from "./access/access.ts";
import { openKeys, type Keys } from "./access/keys.ts";
import { watchKeys } from "./access/watch-keys.ts";
import { openCertificate, type CertificateOptions } from "./access/tls/open-certificate.ts";
import type { TlsIdentity } from "./access/tls/tls-identity.ts";
import { createBridges } from "./bridges/bridges.ts";
import type { Config } from "./config/config.ts";
import { removeHubFile, writeHubFile } from "./config/hub-file.ts";
import { keepToken, readOrMakeToken } from "./config/token-file.ts";
import { RefusalError } from "./contract/errors.ts";
import type { ListenerName } from "./contract/listener.ts";
import type { OpenListener } from "./gateways/gateway.ts";
import { DEFAULT_MQTT_LIMITS } from "./gateways/mqtt/config.ts";
import { createMqttGateway } from "./gateways/mqtt/gateway.ts";
import { createMqttUpgrade } from "./gateways/mqtt/websocket-upgrade.ts";
import { createPublicHub } from "./gateways/public-hub.ts";
import type { TunnelSide } from "./gateways/tunnel-side.ts";
import { IntakePace } from "./gateways/intake-pace.ts";
import { createSendingBudget } from "./gateways/sending-budget.ts";
import type { WebhookOutside } from "./gateways/webhook/outside.ts";
import { createDeliveries } from "./delivery/deliveries.ts";
import { openEndpointFile } from "./delivery/endpoint-file.ts";
import { createTargetGuard } from "./delivery/target-guard.ts";
import { createHub, type Hub } from "./hub/hub.ts";
import { createInspector, type Inspector } from "./inspector/inspector.ts";
import { createListeners, type Address } from "./listeners/listeners.ts";
import { openSavedAddresses } from "./listeners/saved-addresses.ts";
import { createCertificateFetcher } from "./net/certificate-fetcher.ts";
import { fetchPublic } from "./net/fetch-public.ts";
import { createVisitor } from "./net/visit.ts";
import { systemClock, type Clock } from "./platform/clock.ts";
import type { Logger } from "./platform/log.ts";
import { makeFolders } from "./platform/make-folders.ts";
import { openIngress } from "./open-ingress.ts";
import { openStore } from "./store/open-store.ts";
import { providerDirectory } from "./webhooks/provider-directory.ts";
import { createTunnels } from "./tunnels/tunnels.ts";

export interface RunningHub {
  readonly hub: Hub;
  readonly inspector: Inspector;
  readonly keys: Keys;
  /** Looks for changed files: those of an own certificate. */
  reload(): Promise<void>;
  /** Takes nothing new, finishes what is in hand (at most 3 s), commits what is queued, closes. May be called twice. */
  stop(): Promise<void>;
}

export interface ComposeOptions {
  readonly logger: Logger;
  readonly clock?: Clock;
  /** A listener has been opened, moved or closed while the hub runs. */
  readonly onListeners?: () => void;
}

/** Topic, properties and header around the body of a PUBLISH. */
const MQTT_OVERHEAD_BYTES = 64 * 1024;

/** Config → running parts; the only file that knows them all. Throws a RefusalError, with everything closed again. */
export async function compose(config: Config, { logger, clock = systemClock, onListeners }: ComposeOptions): Promise<RunningHub> {
  const { dataFolder, limits } = config;
  process.umask(0o077); // events can hold secrets: what is written is the owner's alone, in whatever folder
  makeFolder(dataFolder);
  const keys = openKeys({ path: join(dataFolder, "keys.json"), now: () => clock.now() });
  const sourceSecrets = openSourceSecretFile(join(dataFolder, "source-secrets.json"));

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
    const { maxBodyBytes, createSources, allowHosts } = config;
    const hub = createHub({
      log: store.log,
      state: store.state,
      keeping: {
        retention: { keepForMs: config.keepForMs, keepEvents: config.keepEvents, keepBytes: config.keepBytes },
        record: config.record,
      },
      sources: store.sources,
      sourceSecrets,
      providers: providerDirectory,
      clock,
      logger,
      version: manifest.version,
      dataFolder,
      createSources,
      maxBodyBytes,
      maxSources: limits.maxSources,
      retained: { maxTopics: limits.maxRetained, maxBytes: limits.maxRetainedBytes },
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

    const deliveries = createDeliveries({
      hub,
      store: store.deliveries,
      file: openEndpointFile(join(dataFolder, "endpoints.json")),
      guard: createTargetGuard({ allow: config.allowTargets }),
      clock,
      logger,
      version: manifest.version,
    });
    hub.deliveries = deliveries;
    faces.push(() => deliveries.stop());
    deliveries.start();

    opened.push(watchKeys(keys, clock, { ended: (name) => hub.sessions.endKey(name), revoked: (name) => hub.sessions.forgetKey(name) }));
    const access = createAccess({ keys, allowAnonymous: config.allowAnonymous, now: () => clock.monotonic() });
    const sending = createSendingBudget(limits.maxSendingBytes, () => clock.monotonic());
    const intake = new IntakePace(clock);
    const mqtt = createMqttGateway({
      sending,
      intake,
      hub,
      state: store.state,
      access,
      clock,
      logger,
      limits: { ...DEFAULT_MQTT_LIMITS, maxBodyBytes, maxPacketBytes: maxBodyBytes + MQTT_OVERHEAD_BYTES },
      version: manifest.version,
    });
    faces.push(() => mqtt.stop());
    await mqtt.start();

    const outside = createWebhookOutside(clock, logger);
    const certificate = openCertificate({ folder: dataFolder, own: ownCertificate(config), allowHosts, clock, logger });
    hub.certificate = certificate;
    opened.push(() => certificate.close());

    const isPublic = (source: string): boolean => hub.sources.find(source)?.public === true;
    const ingressAt = async (listen: Address, tls: TlsIdentity | null, tunnel: TunnelSide | null = null): Promise<OpenListener> => {
      const { listener, stop } = await openIngress({
        sending,
        intake,
        tunnel,
        hub: tunnel === null ? hub : createPublicHub(hub, isPublic, tunnel),
        access,
        clock,
        logger,
        version: manifest.version,
        listen,
        tls,
        limits,
        outside,
        maxBodyBytes,
        allowHosts,
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
      return { url: listener.url(), connections: () => listener.connections(), close: stop };
    };
    const tunnels = createTunnels({
      state: store.state,
      configured: config.tunnels,
      publicSources: () => store.sources.all().flatMap((source) => (source.public ? [source.name] : [])),
      openListener: (side, port) => ingressAt({ host: "127.0.0.1", port }, null, side),
      dataFolder,
      clock,
      logger,
    });
    hub.tunnels = tunnels;
    faces.push(() => tunnels.stop());

    const inspector = createInspector({ hub, keys, token, allowHosts, rendererFolder: rendererFolder(), clock, logger });
    faces.push(() => inspector.stop());

    const listeners = createListeners({
      saved: openSavedAddresses(store.state),
      configured: config,
      open: {
        mqtt: (address) => mqtt.listen(address, null),
        mqtts: async (address) => mqtt.listen(address, await certificate.forHost(address.host)),
        ingress: (address) => ingressAt(address, null),
        https: async (address) => ingressAt(address, await certificate.forHost(address.host)),
        inspector: (address) => inspector.listen(address),
      },
      hasKeys: () => keys.list().length > 0,
      allowAnonymous: config.allowAnonymous,
      createLoginLink: () => inspector.createLoginLink(),
      onChanged() {
        tellFolder();
        onListeners?.();
      },
      logger,
    });
    hub.listeners = listeners;
    faces.push(() => listeners.stop());
    await listeners.start();
    tunnels.start();

    /** Tells the command line where this hub is. */
    function tellFolder(): void {
      const urlOf = (name: ListenerName): string | null => listeners.status().find((one) => one.name === name)?.url ?? null;
      writeHubFile(dataFolder, { pid: process.pid, inspector: urlOf("inspector"), ingress: urlOf("ingress"), startedAt });
    }
    const startedAt = clock.now();
    tellFolder();
    opened.push(() => removeHubFile(dataFolder));

    let stopping: Promise<void> | null = null;
    return { hub, inspector, keys, reload: () => certificate.reload(), stop: () => (stopping ??= closeAll()) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** Both or none: the settings are checked together. */
function ownCertificate({ tlsCert: cert, tlsKey: key }: Config): CertificateOptions["own"] {
  return cert !== null && key !== null ? { cert, key } : null;
}

/** For what webhooks name themselves: pinned to their providers' hosts, and never behind this machine's firewall. */
function createWebhookOutside(clock: Clock, logger: Logger): WebhookOutside {
  const certificates = createCertificateFetcher({
    clock,
    get: (url, init) => fetchPublic(url, init),
    onFailure: (url, reason) => logger.warn("A certificate to verify webhooks with could not be had.", { url, reason }),
  });
  return {
    fetchCertificate: (url) => certificates.fetch(url),
    visit: createVisitor({ logger, get: (url, init) => fetchPublic(url, init) }),
  };
}

function makeFolder(dataFolder: string): void {
  try {
    makeFolders(dataFolder);
  } catch (error) {
    const message = `The data folder ${dataFolder} cannot be made: ${(error as Error).message}. Choose another with --data.`;
    throw new RefusalError({ code: "STORE_READ_ONLY", message, details: { setting: "data", folder: dataFolder } });
  }
}

/** Beside the sources, or beside the built program. */
function rendererFolder(): string {
  const built = join(import.meta.dirname, "../renderer");
  return existsSync(join(built, "index.html")) && import.meta.filename.endsWith(".js")
    ? built
    : join(import.meta.dirname, "../dist/renderer");
}
