import type { SourceInfo } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { DEFAULT_ANSWER, SOURCE_NAME, type Source, type SourceAnswer } from "../contract/source.ts";
import type { ListenerStatus } from "../contract/status.ts";
import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { answerFault } from "./source-answer.ts";
import type { EventLog, SourceStore } from "./ports.ts";

/** The configured ways in for webhooks. Held in memory: looking one up costs a request nothing. */
export interface SourceDirectory {
  /** The source of that name; made when it is not there and that is allowed. Refuses SOURCE_NAME_INVALID, SOURCE_NOT_FOUND, SOURCE_LIMIT. */
  obtain(name: string): Result<Source>;
  /** By name. */
  list(): Promise<readonly SourceInfo[]>;
  /** Makes or changes a source; what `answer` leaves out stays as it is. Durable when it resolves. */
  save(name: string, answer?: Partial<SourceAnswer>): Promise<Result<SourceInfo>>;
  /** Its events stay. */
  remove(name: string): Promise<Result<void>>;
}

export interface SourcesOptions {
  readonly store: SourceStore;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly createSources: boolean;
  readonly maxSources: number;
  readonly listeners: () => readonly ListenerStatus[];
  readonly lastEventAt: (source: string) => number | null;
}

export function createSources(options: SourcesOptions): SourceDirectory {
  const { store, log, clock, logger, maxSources } = options;
  const sources = new Map(store.all().map((source) => [source.name, source]));
  /** What the log said of sources that have had no event since the start. */
  const earlier = new Map<string, number | null>();

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
  const notFound = (name: string) =>
    refuse("SOURCE_NOT_FOUND", `There is no source "${name}", and sources are not made on first use here. Make it in the inspector.`, {
      name,
    });

  const lastEventAt = async (name: string): Promise<number | null> => {
    const live = options.lastEventAt(name);
    if (live !== null) return live;
    const known = earlier.get(name);
    if (known !== undefined) return known;
    const page = await log.query({ limit: 1, filter: `source:${name}` });
    if (!page.ok) return null;
    const at = page.value.events[0]?.time ?? null;
    earlier.set(name, at);
    return at;
  };

  const toInfo = async (source: Source): Promise<SourceInfo> => {
    const listeners = options.listeners();
    const ingress = listeners.find(({ name }) => name === "ingress") ?? listeners.find(({ name }) => name === "https");
    return { ...source, url: `${ingress?.url ?? ""}/in/${source.name}`, lastEventAt: await lastEventAt(source.name) };
  };

  return {
    obtain(name) {
      const known = sources.get(name);
      if (known) return accept(known);
      if (!SOURCE_NAME.test(name)) return nameInvalid(name);
      if (!options.createSources) return notFound(name);
      if (sources.size >= maxSources) return limitReached(name);
      const source: Source = { name, createdAt: clock.now(), answer: DEFAULT_ANSWER };
      sources.set(name, source);
      // Not waited for: should it be lost, the next event makes the source again.
      const forget = (why: unknown): void => {
        if (sources.get(name) === source) sources.delete(name);
        logger.warn(`The new source "${name}" could not be saved; the next event will try again.`, { why });
      };
      store.save(source).then((saved) => (saved.ok ? undefined : forget(saved.refusal)), forget);
      return accept(source);
    },
    async list() {
      const infos: SourceInfo[] = [];
      for (const source of [...sources.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) infos.push(await toInfo(source));
      return infos;
    },
    async save(name, change = {}) {
      if (!SOURCE_NAME.test(name)) return nameInvalid(name);
      const known = sources.get(name);
      if (!known && sources.size >= maxSources) return limitReached(name);
      const answer = merge(known?.answer ?? DEFAULT_ANSWER, change);
      const fault = answerFault(answer);
      if (fault) return refuse("PARAMS_INVALID", `The source "${name}" cannot answer like that: ${fault}.`, { name });
      const saved = await store.save({ name, createdAt: known?.createdAt ?? clock.now(), answer });
      if (!saved.ok) return saved;
      sources.set(name, saved.value);
      return accept(await toInfo(saved.value));
    },
    async remove(name) {
      if (!sources.has(name)) return refuse("SOURCE_NOT_FOUND", `There is no source "${name}".`, { name });
      const removed = await store.remove(name);
      if (removed.ok) {
        sources.delete(name);
        earlier.delete(name);
      }
      return removed;
    },
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
