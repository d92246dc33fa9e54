import type { SourceInfo } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { DEFAULT_ANSWER, DEFAULT_SOURCE_SETTINGS, SOURCE_NAME, type Source, type SourceAnswer } from "../contract/source.ts";
import type { ListenerStatus } from "../contract/status.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { createAckTimes, type AckTimes } from "./ack-times.ts";
import { createLastEvents } from "./last-events.ts";
import { createLiveSource, type LiveSourceEntry } from "./live-source.ts";
import type { EventLog, SourceStore } from "./ports.ts";
import { answerFault } from "./source-answer.ts";
import { createSourceSecrets, type NewSourceSecret } from "./source-secrets.ts";
import type { LiveSource, ProviderDirectory, SourceSecretStore } from "./source-ports.ts";
import { mergeSettings, settingsFault, type SourceSettingsChange } from "./source-settings.ts";

/** What of a source is to be changed; what is left out stays as it is. */
export interface SourceChange extends SourceSettingsChange {
  readonly answer?: Partial<SourceAnswer> | undefined;
}

/** The configured ways in for webhooks. Held in memory: looking one up costs a request nothing. */
export interface SourceDirectory {
  /** The source of that name; made when it is not there and that is allowed. Refuses SOURCE_NAME_INVALID, SOURCE_NOT_FOUND, SOURCE_LIMIT. */
  obtain(name: string): Result<LiveSource>;
  /** Null when there is none. */
  find(name: string): Source | null;
  /** By name. */
  list(): Promise<readonly SourceInfo[]>;
  /** Refuses SOURCE_NOT_FOUND. */
  info(name: string): Promise<Result<SourceInfo>>;
  /** Makes or changes a source. Durable when it resolves. Refuses SOURCE_NAME_INVALID, SOURCE_LIMIT, PARAMS_INVALID. */
  save(name: string, change?: SourceChange): Promise<Result<SourceInfo>>;
  /** Its secrets go with it; its events stay. */
  remove(name: string): Promise<Result<void>>;
  /** Refuses SOURCE_NOT_FOUND, PARAMS_INVALID, SECRET_EXISTS, SECRET_LIMIT. */
  addSecret(name: string, secret: NewSourceSecret): Promise<Result<SourceInfo>>;
  /** The old value stays good for `overlapMs`. Refuses SOURCE_NOT_FOUND, PARAMS_INVALID, SECRET_NOT_FOUND, SECRET_LIMIT. */
  rotateSecret(name: string, secret: string, value: string, overlapMs?: number): Promise<Result<SourceInfo>>;
  /** Refuses SOURCE_NOT_FOUND, SECRET_NOT_FOUND. */
  removeSecret(name: string, secret: string): Promise<Result<SourceInfo>>;
  readonly ackTimes: Pick<AckTimes, "ofEvent">;
}

export interface SourcesOptions {
  readonly store: SourceStore;
  readonly secrets: SourceSecretStore;
  readonly providers: ProviderDirectory;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly createSources: boolean;
  readonly maxSources: number;
  readonly listeners: () => readonly ListenerStatus[];
  /** Where a public source is reached through tunnels. */
  readonly publicUrls: (source: string) => readonly string[];
  readonly lastEventAt: (source: string) => number | null;
}

export function createSources(options: SourcesOptions): SourceDirectory {
  const { store, log, clock, logger, maxSources, providers } = options;
  const ackTimes = createAckTimes();
  const lastEvents = createLastEvents({ log, providers, liveAt: options.lastEventAt });
  const secrets = createSourceSecrets({
    store: options.secrets,
    now: () => clock.now(),
    faultOf: (name, value) => {
      const config = sources.get(name)?.config;
      return config === undefined || config.provider === null ? null : providers.secretFault(config, value);
    },
  });
  const toLive = (config: Source): LiveSourceEntry => createLiveSource(config, { secrets, ackTimes, providers });
  const sources = new Map(store.all().map((source) => [source.name, toLive(source)]));

  const limitReached = (name: string) =>
    refuse("SOURCE_LIMIT", `There are ${maxSources} sources already, so "${name}" is not made. Remove one, or raise max-sources.`, {
      limit: maxSources,
    });
  const nameInvalid = (name: string) =>
    refuse(
      "SOURCE_NAME_INVALID",
      "A source's name has 1 to 64 letters, digits, dots, dashes or underscores and begins with a letter or digit, as in /in/github.",
      { name },
    );
  const notFound = (name: string) => refuse("SOURCE_NOT_FOUND", `There is no source "${name}".`, { name });

  const toInfo = async (live: LiveSourceEntry): Promise<SourceInfo> => {
    const { config } = live;
    const { name, provider } = config;
    const listeners = options.listeners();
    const ingress = listeners.find((one) => one.name === "ingress") ?? listeners.find((one) => one.name === "https");
    return {
      ...config,
      url: `${ingress?.url ?? ""}/in/${name}`,
      publicUrls: config.public ? options.publicUrls(name) : [],
      lastEventAt: await lastEvents.at(name),
      secrets: secrets.infos(name),
      detected: provider === null ? await lastEvents.detected(name) : null,
      ack: live.ack(),
    };
  };
  const withSecrets = async (name: string, change: () => Result<void>): Promise<Result<SourceInfo>> => {
    const live = sources.get(name);
    if (!live) return notFound(name);
    const changed = change();
    return changed.ok ? accept(await toInfo(live)) : changed;
  };

  /** One after the other, so that of two changes neither takes the other back. */
  let lastTurn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = lastTurn.then(work);
    lastTurn = turn.catch(() => undefined);
    return turn;
  };

  const save: SourceDirectory["save"] = async (name, change = {}) => {
    const known = sources.get(name);
    if (!known && sources.size >= maxSources) return limitReached(name);
    const answer = merge(known?.config.answer ?? DEFAULT_ANSWER, change.answer ?? {});
    const wrongAnswer = answerFault(answer);
    if (wrongAnswer) return refuse("PARAMS_INVALID", `The source "${name}" cannot answer like that: ${wrongAnswer}.`, { name });
    const settings = mergeSettings(known?.config ?? DEFAULT_SOURCE_SETTINGS, change);
    const wrong = settingsFault(settings, providers);
    if (wrong !== null) return refuse("PARAMS_INVALID", `The source "${name}" cannot be set so. ${wrong}`, { name });
    const saved = await store.save({ ...settings, name, createdAt: known?.config.createdAt ?? clock.now(), answer });
    if (!saved.ok) return saved;
    const live = sources.get(name) ?? toLive(saved.value);
    live.config = saved.value;
    sources.set(name, live);
    return accept(await toInfo(live));
  };
  const remove: SourceDirectory["remove"] = async (name) => {
    if (!sources.has(name)) return notFound(name);
    const removed = await store.remove(name);
    if (removed.ok) {
      secrets.forget(name);
      sources.delete(name);
      lastEvents.forget(name);
      ackTimes.forget(name);
    }
    return removed;
  };

  return {
    ackTimes,
    obtain(name) {
      const known = sources.get(name);
      if (known) return accept(known);
      if (!SOURCE_NAME.test(name)) return nameInvalid(name);
      if (!options.createSources) {
        const message = `There is no source "${name}", and sources are not made on first use here. Make it in the inspector.`;
        return refuse("SOURCE_NOT_FOUND", message, { name });
      }
      if (sources.size >= maxSources) return limitReached(name);
      const live = toLive({ ...DEFAULT_SOURCE_SETTINGS, name, createdAt: clock.now(), answer: DEFAULT_ANSWER });
      sources.set(name, live);
      // Not waited for: should it be lost, the next event makes the source again.
      const forget = (why: unknown): void => {
        if (sources.get(name) === live) sources.delete(name);
        logger.warn(`The new source "${name}" could not be saved; the next event will try again.`, { why });
      };
      store.save(live.config).then((saved) => (saved.ok ? undefined : forget(saved.refusal)), forget);
      return accept(live);
    },
    find: (name) => sources.get(name)?.config ?? null,
    async list() {
      const infos: SourceInfo[] = [];
      const all = [...sources.values()].sort((a, b) => (a.config.name < b.config.name ? -1 : 1));
      for (const live of all) infos.push(await toInfo(live));
      return infos;
    },
    async info(name) {
      const live = sources.get(name);
      return live ? accept(await toInfo(live)) : notFound(name);
    },
    save: async (name, change) => (SOURCE_NAME.test(name) ? inTurn(() => save(name, change)) : nameInvalid(name)),
    remove: (name) => inTurn(() => remove(name)),
    addSecret: (name, secret) => withSecrets(name, () => secrets.add(name, secret)),
    rotateSecret: (name, secret, value, overlapMs) => withSecrets(name, () => secrets.rotate(name, secret, value, overlapMs)),
    removeSecret: (name, secret) => withSecrets(name, () => secrets.remove(name, secret)),
  };
}

/** `undefined` means "as it is", a null body means "the default answer". */
function merge(answer: SourceAnswer, change: Partial<SourceAnswer>): SourceAnswer {
  return {
    status: change.status ?? answer.status,
    headers: change.headers ?? answer.headers,
    body: change.body === undefined ? answer.body : change.body,
    delayMs: change.delayMs ?? answer.delayMs,
  };
}
