import { createHash } from "node:crypto";
import { accept, refuse, type Refusal } from "../../main/contract/errors.ts";
import { parseFilter, passesFilter } from "../../main/contract/filter.ts";
import { matchesTopic } from "../../main/contract/topic.ts";
import { KEEP_EVERYTHING } from "../../main/contract/settings.ts";
import type { Source } from "../../main/contract/source.ts";
import type { LogState, LogStatus } from "../../main/contract/status.ts";
import { searchTextOf, toEventId, toSummary } from "../../main/hub/event-view.ts";
import type { AppendOutcome, EventLog, HubEvent, NewEvent, SourceStore } from "../../main/hub/ports.ts";

export interface MemoryLog extends EventLog {
  /** Everything committed, in order. */
  readonly events: readonly HubEvent[];
  /** From now on nothing is committed until `release`. */
  hold(): void;
  release(): void;
  /** From now on every append is refused so; null for no longer. */
  refuseWith(refusal: Refusal | null): void;
  /** How many appends wait. */
  waiting(): number;
}

const LOG_ID = "memory";

/** An EventLog without a disk: it commits on the next turn of the loop. For tests and benchmarks; `keep: false` forgets what it has told. */
export function createMemoryLog({ keep = true }: { readonly keep?: boolean } = {}): MemoryLog {
  const events: HubEvent[] = [];
  const listeners = new Set<(events: readonly HubEvent[]) => void>();
  const stateListeners = new Set<(status: LogStatus) => void>();
  let waiting: { event: NewEvent; done: (outcome: AppendOutcome) => void }[] = [];
  let lastSeq = 0;
  let held = false;
  let refusal: Refusal | null = null;
  let state: LogState = "open";
  let scheduled = false;

  const commit = (): void => {
    scheduled = false;
    if (held) return;
    const batch = waiting;
    waiting = [];
    const committed = batch.map(({ event }) => {
      lastSeq += 1;
      return { ...settle(event, lastSeq), seq: lastSeq, id: toEventId(LOG_ID, lastSeq) };
    });
    if (keep) events.push(...committed);
    for (const [index, { done }] of batch.entries()) done({ ok: true, event: committed[index]! });
    for (const listener of listeners) listener(committed);
  };
  /** What the store's seen-deliveries.ts does, without its window's end. */
  const seen = new Map<string, number>();
  const settle = (event: NewEvent, seq: number): NewEvent => {
    const { delivery, head, source, body } = event;
    if (delivery === undefined) return event;
    const key = JSON.stringify([source, delivery.id, delivery.withBody ? Buffer.from(body).toString("base64") : null]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, seq);
    return first === undefined
      ? event
      : { ...event, state: "duplicate", duplicateOfSeq: first, head: head && { ...head, status: delivery.statusIfSeen } };
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(commit);
  };
  const find = (id: string): HubEvent | undefined => events.find((event) => event.id === id);
  const notFound = (id: string) => refuse("EVENT_NOT_FOUND", `There is no event ${id}.`);

  const status = (): LogStatus => ({
    state,
    reason: refusal?.message ?? null,
    id: LOG_ID,
    events: events.length,
    retention: KEEP_EVERYTHING,
    reusableBytes: 0,
    diskFreeBytes: null,
    firstSeq: events[0]?.seq ?? 0,
    lastSeq,
    fileBytes: 0,
    walBytes: 0,
    indexBytes: 0,
    indexLag: 0,
    queued: waiting.length,
  });

  return {
    events,
    append(event, done) {
      if (refusal) {
        const outcome = { ok: false, refusal } as const;
        setImmediate(() => done(outcome));
        return false;
      }
      waiting.push({ event, done });
      schedule();
      return true;
    },
    onCommitted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    query({ after, before, limit = 100, filter = "" }) {
      const parsed = parseFilter(filter, Date.now());
      if (!parsed.ok) return Promise.resolve(parsed);
      const fits = events.filter(
        (event) =>
          event.seq > (after ?? 0) &&
          event.seq < (before ?? Number.POSITIVE_INFINITY) &&
          passesFilter(parsed.value, toSummary(event, LOG_ID), () => searchTextOf(event)),
      );
      if (after === undefined) fits.reverse();
      const page = fits.slice(0, limit).map((event) => toSummary(event, LOG_ID));
      return Promise.resolve(accept({ events: page, cursor: page.at(-1)?.seq ?? after ?? 0, last: lastSeq, more: fits.length > limit }));
    },
    get(id) {
      const event = find(id);
      if (!event) return Promise.resolve(notFound(id));
      const { head, body } = event;
      return Promise.resolve(
        accept({
          ...toSummary(event, LOG_ID),
          contentType: event.contentType,
          path: head?.target ?? null,
          headers: head?.headers ?? [],
          trailers: head?.trailers ?? [],
          query: head?.target.split("?")[1] ?? null,
          httpVersion: head?.httpVersion ?? null,
          remoteAddress: head?.remoteAddress ?? null,
          publicUrl: head?.publicUrl ?? null,
          storedBytes: body.length,
          sha256: createHash("sha256").update(body).digest("hex"),
        }),
      );
    },
    keep() {},
    pin: (id) => Promise.resolve(find(id) ? accept(undefined) : notFound(id)),
    body(id, offset, length) {
      const event = find(id);
      if (!event) return Promise.resolve(notFound(id));
      const base64 = Buffer.from(event.body.subarray(offset, offset + length)).toString("base64");
      return Promise.resolve(accept({ base64, offset, storedBytes: event.body.length }));
    },
    read({ after, filters, maxEvents, maxBytes }) {
      const page: HubEvent[] = [];
      let bytes = 0;
      for (const event of events) {
        if (event.seq <= after || event.state !== "accepted" || filters?.some((filter) => matchesTopic(filter, event.topic)) === false)
          continue;
        page.push(event);
        bytes += event.body.length;
        if (page.length === maxEvents || bytes > maxBytes) {
          return Promise.resolve(accept({ events: page, cursor: event.seq, more: event.seq < lastSeq }));
        }
      }
      return Promise.resolve(accept({ events: page, cursor: Math.max(after, lastSeq), more: false }));
    },
    retained() {
      const last = new Map<string, HubEvent>();
      for (const event of events) if (event.retained && event.state === "accepted") last.set(event.topic, event);
      return Promise.resolve([...last.values()].filter((event) => event.body.length > 0));
    },
    timeline(from, to, buckets) {
      const counts = Array.from({ length: buckets }, () => 0);
      for (const { receivedAt } of events) {
        const bucket = Math.floor(((receivedAt - from) / (to - from)) * buckets);
        if (bucket >= 0 && bucket < buckets) counts[bucket]! += 1;
      }
      return Promise.resolve(accept({ from, to, counts, complete: true, countedFrom: from }));
    },
    topics(prefix, limit, search = "") {
      const last = new Map<string, number>();
      for (const { topic, seq } of events) if (topic.startsWith(prefix) && topic.includes(search)) last.set(topic, seq);
      const topics = [...last].sort(([a], [b]) => (a < b ? -1 : 1)).map(([topic, lastSeq]) => ({ topic, lastSeq }));
      return Promise.resolve({ topics: topics.slice(0, limit), more: topics.length > limit });
    },
    topicNodes(topics) {
      const nodes = topics.map((topic) => {
        const own = events.filter((event) => event.topic === topic);
        const below = new Set(events.map((event) => event.topic).filter((one) => one.startsWith(`${topic}/`))).size;
        const newest = own.at(-1);
        return {
          name: topic.slice(topic.lastIndexOf("/") + 1),
          topic,
          isTopic: newest !== undefined,
          below,
          lastSeq: newest?.seq ?? 0,
          lastAt: newest?.receivedAt ?? null,
          preview: newest ? toSummary(newest, LOG_ID).preview : null,
          recent: null,
        };
      });
      return Promise.resolve({ nodes, known: new Set(events.map((event) => event.topic)).size });
    },
    topicLevel(parent, limit) {
      const prefix = parent === null ? "" : `${parent}/`;
      const levels = new Map<string, HubEvent[]>();
      for (const event of events) {
        if (!event.topic.startsWith(prefix)) continue;
        const name = event.topic.slice(prefix.length).split("/", 1)[0]!;
        levels.set(name, [...(levels.get(name) ?? []), event]);
      }
      const nodes = [...levels]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, found]) => {
          const own = found.findLast((event) => event.topic === prefix + name);
          const below = new Set(found.map((event) => event.topic).filter((topic) => topic !== prefix + name)).size;
          const newest = found.at(-1)!;
          const preview = own ? toSummary(own, LOG_ID).preview : null;
          return { name, topic: prefix + name, isTopic: own !== undefined, below, lastSeq: newest.seq, lastAt: newest.receivedAt, preview };
        });
      return Promise.resolve({ nodes: nodes.slice(0, limit), more: nodes.length > limit });
    },
    history: ({ from, to, buckets }) =>
      Promise.resolve(
        accept({ from, to, bucketMs: (to - from) / buckets, fields: [], field: null, points: [], complete: true, knownFrom: from }),
      ),
    status,
    onState(listener) {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    close() {
      held = false;
      commit();
      state = "closed";
      for (const listener of stateListeners) listener(status());
      return Promise.resolve();
    },
    hold() {
      held = true;
    },
    release() {
      held = false;
      schedule();
    },
    refuseWith(next) {
      refusal = next;
      state = next ? "failed" : "open";
      for (const listener of stateListeners) listener(status());
    },
    waiting: () => waiting.length,
  };
}

export function createMemorySources(initial: readonly Source[] = []): SourceStore {
  const sources = new Map(initial.map((source) => [source.name, source]));
  return {
    all: () => [...sources.values()],
    save(source) {
      sources.set(source.name, source);
      return Promise.resolve(accept(source));
    },
    remove(name) {
      sources.delete(name);
      return Promise.resolve(accept(undefined));
    },
  };
}
