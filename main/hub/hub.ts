import type { Published } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { CertificateInfo } from "../contract/listener.ts";
import type { HubStatus } from "../contract/status.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { NO_BRIDGES, type BridgeDirectory } from "./bridge-directory.ts";
import { createCounters } from "./counters.ts";
import { NO_DELIVERIES, type DeliveryDirectory } from "./delivery-directory.ts";
import { createFanout } from "./fanout.ts";
import { createIngest } from "./ingest.ts";
import { NO_CERTIFICATE, NO_LISTENERS, type CertificateDirectory, type ListenerDirectory } from "./listener-directory.ts";
import { createSecretsInMemory, NO_PROVIDERS } from "./no-providers.ts";
import type { EventLog, GatewayHub, HubEvent, NewEvent, SourceStore } from "./ports.ts";
import type { ProviderDirectory, SourceSecretStore } from "./source-ports.ts";
import { createSavedPayloads, type SavedPayloads } from "./saved-payloads.ts";
import { DEFAULT_RETAINED_BOUNDS, type RetainedBounds } from "./retained.ts";
import { createSessions, type Sessions } from "./sessions.ts";
import { createSettings, type SettingsDirectory, type SettingsOptions } from "./settings.ts";
import { createSources, type SourceDirectory } from "./sources.ts";
import { createTopicFigures, type TopicFigures } from "./topic-figures.ts";
import { NO_TUNNELS, type TunnelDirectory } from "./tunnel-directory.ts";

/** Policy between the gateways and the log. It knows events, topics, subscriptions and sources, and no protocol. */
export interface Hub extends GatewayHub {
  readonly log: EventLog;
  readonly sources: SourceDirectory;
  /** The providers of webhooks that a source can be set to. */
  readonly providers: ProviderDirectory;
  readonly settings: SettingsDirectory;
  /** Set once, by who makes them: they need the hub themselves. */
  bridges: BridgeDirectory;
  listeners: ListenerDirectory;
  certificate: CertificateDirectory;
  tunnels: TunnelDirectory;
  deliveries: DeliveryDirectory;
  readonly sessions: Sessions;
  readonly topicFigures: Pick<TopicFigures, "of">;
  readonly payloads: SavedPayloads;
  /** Makes an event of the hub's own (protocol "hub"); resolves after its commit. */
  publish(publication: Publication): Promise<Result<Published>>;
  /** Every accepted event on a matching topic, in order of seq, after its commit. Refuses a wrong filter with TOPIC_INVALID. */
  subscribe(filter: string, listener: (event: HubEvent) => void): Result<() => void>;
  /** Brings the retained events back from the log; before any gateway starts. */
  restore(): Promise<void>;
  /** Every event whatever its state, in batches of a commit; for the inspector. Answers how to stop. */
  onEvents(listener: (events: readonly HubEvent[]) => void): () => void;
  status(): HubStatus;
  /** From now on new events are refused with HUB_STOPPING, and nobody is told of committed ones. The log stays open. */
  close(): void;
}

export interface Publication {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly contentType?: string | null;
  readonly retain?: boolean;
  readonly qos?: 0 | 1 | 2 | undefined;
}

export interface HubOptions extends SettingsOptions {
  readonly log: EventLog;
  readonly sources: SourceStore;
  /** Left out: in memory. */
  readonly sourceSecrets?: SourceSecretStore;
  readonly providers?: ProviderDirectory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly version: string;
  readonly dataFolder: string;
  readonly createSources: boolean;
  readonly maxBodyBytes: number;
  readonly maxSources: number;
  /** How many retained events there may be; above, they are refused. */
  readonly retained?: RetainedBounds;
}

export function createHub(options: HubOptions): Hub {
  const { log, clock } = options;
  const counters = createCounters();
  const startedAt = clock.now();
  const fanout = createFanout({ log, clock, counters, logger: options.logger, retained: options.retained ?? DEFAULT_RETAINED_BOUNDS });
  const intake = createIngest({ log, clock, counters, fanout, isWatched: () => sessions.isWatched() });
  const { providers = NO_PROVIDERS } = options;
  const sources = createSources({
    ...options,
    store: options.sources,
    secrets: options.sourceSecrets ?? createSecretsInMemory(),
    providers,
    listeners: () => hub.listeners.status(),
    publicUrls: (source) => hub.tunnels.publicUrls(source),
    lastEventAt: (source) => fanout.lastEventAt(source),
  });

  const sessions = createSessions({ clock, lastSeq: () => fanout.lastSeq() });
  const topicFigures = createTopicFigures(clock);
  fanout.onEvents((events) => topicFigures.note(events));

  const settings = createSettings(options);

  const hub: Hub = {
    bridges: NO_BRIDGES,
    listeners: NO_LISTENERS,
    certificate: NO_CERTIFICATE,
    tunnels: NO_TUNNELS,
    deliveries: NO_DELIVERIES,
    log,
    sources,
    providers,
    settings,
    sessions,
    topicFigures,
    payloads: createSavedPayloads(options.state),
    counters,
    ingest: (event, done) => intake.ingest(event, done),
    source: (name) => sources.obtain(name),
    subscribe: (filter, listener) => fanout.subscribe(filter, listener),
    createSubscriber: (deliver, ahead) => fanout.createSubscriber(deliver, ahead),
    retained: (filter) => fanout.retained(filter),
    isRecorded: (topic) => settings.isRecorded(topic),
    read: (wanted) => log.read(wanted),
    lastSeq: () => fanout.lastSeq(),
    async restore() {
      fanout.restore(await log.retained());
    },
    onEvents: (listener) => fanout.onEvents(listener),
    publish({ topic, payload, contentType = null, retain = false, qos }) {
      if (payload.length > options.maxBodyBytes) {
        const limit = options.maxBodyBytes;
        return Promise.resolve(
          refuse("BODY_TOO_LARGE", `The payload has ${payload.length} bytes; at most ${limit} are allowed.`, { limit }),
        );
      }
      const event: NewEvent = {
        receivedAt: clock.now(),
        protocol: "hub",
        direction: "in",
        source: null,
        topic,
        contentType,
        body: payload,
        size: payload.length,
        truncated: false,
        state: "accepted",
        refusal: null,
        verdict: "not-configured",
        verdictCause: null,
        duplicateOfSeq: null,
        retained: retain,
        causeSeq: null,
        traceSeq: null,
        hops: 0,
        head: null,
        ...(qos === undefined ? {} : { qos }),
      };
      return new Promise((resolve) => {
        intake.ingest(event, (outcome) => resolve(outcome.ok ? accept({ id: outcome.event.id, seq: outcome.event.seq }) : outcome));
      });
    },
    status: () => ({
      version: options.version,
      pid: process.pid,
      startedAt,
      now: clock.now(),
      dataFolder: options.dataFolder,
      listeners: hub.listeners.status(),
      certificate: briefly(hub.certificate.info().certificate),
      log: log.status(),
      bridges: hub.bridges.status(),
      rate: fanout.rate(),
      memoryBytes: process.memoryUsage.rss(),
      limits: { maxBodyBytes: options.maxBodyBytes },
    }),
    close() {
      intake.refuseFromNowOn();
      fanout.close();
    },
  };
  return hub;
}

function briefly(certificate: CertificateInfo | null): NonNullable<HubStatus["certificate"]> | null {
  return certificate && { fingerprint: certificate.fingerprint, validUntilAt: certificate.validUntilAt };
}
