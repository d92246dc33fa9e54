import { accept, RefusalError, type Refusal, type Result } from "../contract/errors.ts";
import { KEEP_EVERYTHING } from "../contract/settings.ts";
import type { LogStatus } from "../contract/status.ts";
import type { DeliveryStore, EventLog, HubEvent, StateStore } from "../hub/ports.ts";
import type { FromBackground } from "./background-messages.ts";
import { createDeliveryStore } from "./delivery-store.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createIndexKeeper } from "./index-keeper.ts";
import { createLogProgress } from "./log-progress.ts";
import { createLogState } from "./log-state.ts";
import { MIGRATIONS } from "./migrate.ts";
import { openBackground } from "./open-background.ts";
import type { StoreOptions } from "./open-store.ts";
import { openWriter, type Writer } from "./open-writer.ts";
import { toDamageMessage } from "./read-damaged.ts";
import { notFound, toSeq } from "./read-event.ts";
import type { RetainedPage } from "./read-slice.ts";
import { openReaderPool } from "./reader-pool.ts";
import { createRecordPolicies } from "./record-policy.ts";
import { createStateStore } from "./state-store.ts";
import { freeBytes } from "./store-fault.ts";
import { fileBytes, type StoreFiles } from "./store-files.ts";

/** Retained events that come from a reader in one message. */
const RETAINED_AT_ONCE = 200;

const STOPPING: Refusal = {
  code: "HUB_STOPPING",
  message: "The hub is stopping and stores no more events. Send this one again when it is back.",
};
const STOPPED_WRITING: Refusal = {
  code: "STORE_FAILED",
  message: "The log's writer has stopped by an error: whether the event was stored is not known. Restart Signalbox.",
};

/** The log behind its threads: one writes, two read, one works behind. The folder is locked already. */
export async function openEventLog(
  files: StoreFiles,
  options: StoreOptions,
): Promise<{ log: EventLog; state: StateStore; deliveries: DeliveryStore; writer: Writer }> {
  const { clock, logger } = options;
  const commitListeners = new Set<(events: readonly HubEvent[]) => void>();
  const stateListeners = new Set<(status: LogStatus) => void>();
  const progress = createLogProgress();

  const writer = await openWriter(files, {
    committed(firstSeq, duplicates, now, buffers) {
      // Fewer have been added than the batch has: some were not recorded, or have replaced others.
      extent = now;
      progress.removed(extent.removed);
      commit.committed(firstSeq, duplicates, buffers);
    },
    trimmed(now) {
      extent = now;
      progress.removed(extent.removed);
    },
    notCommitted: (refusal, buffers) => commit.notCommitted(refusal, buffers),
    state(next, reason) {
      // A full disk is tried again with each batch. A file that failed is not, until it has been opened anew.
      if (!closing) commit.refuseWith(next === "failed" ? { code: "STORE_FAILED", message: reason ?? "" } : null);
      state.writing(next, reason);
    },
    notice: (what, error) => logger.warn(what, { error }),
    crashed(error) {
      logger.error("the log's writer has stopped by an error", { error });
      writes = false;
      commit.refuseWith(STOPPED_WRITING);
      commit.notCommitted(STOPPED_WRITING, null);
      state.writing("failed", STOPPED_WRITING.message);
    },
  });
  const { logId, lastSeq } = writer.opened;
  let { extent } = writer.opened;
  let { retention } = options.keeping ?? { retention: KEEP_EVERYTHING };
  const policies = createRecordPolicies(options.keeping?.record);
  writer.keep(retention);
  let closing = false;
  let writes = true;
  let closed: Promise<void> | null = null;
  progress.commit(lastSeq, 0);

  const state = createLogState(() => {
    const now = status();
    if (now.reason !== null && now.state !== "closed") logger.error(now.reason, { state: now.state });
    else logger.info(`the log is ${now.state}`);
    for (const listener of stateListeners) listener(now);
  });
  const readers = openReaderPool({
    start: { logPath: files.log, logId },
    onLogDamaged: noteDamage,
    onIndexDamaged: (error) => index.damaged(error),
    onIndexLetGo: () => index.letGo(),
    onCrash: (error) => logger.error("a reader of the log has stopped by an error; restart Signalbox", { error }),
  });
  const background = openBackground({
    files,
    logId,
    progress,
    onMessage: handleBackground,
    onCrash: (error) =>
      logger.error("the work behind the log has stopped by an error; restart Signalbox to have events indexed", { error }),
  });
  const index = createIndexKeeper({ path: files.index, readers, background, clock, logger });
  const keeper = createStateStore({
    rows: writer.opened.state,
    clock,
    appended: () => commit.appended(),
    nudge: () => commit.nudge(),
  });
  const commit = createGroupCommit({
    logId,
    policies,
    maxQueuedEvents: options.maxQueuedEvents,
    maxQueuedBytes: options.maxQueuedBytes,
    send(batch, rows) {
      if (writes) writer.append(batch, rows);
      else setImmediate(() => commit.notCommitted(STOPPED_WRITING, null));
    },
    state: keeper.pending,
    onDurable(_first, last, bytes) {
      progress.commit(last, bytes);
      background.nudge();
    },
    onCommitted(events) {
      for (const listener of commitListeners) listener(events);
    },
  });

  function handleBackground(message: FromBackground): void {
    switch (message.t) {
      case "index-ready":
        return index.ready();
      case "index-damaged":
        return index.damaged(message.error);
      case "log-damaged":
        return noteDamage(message.error);
      case "examined":
        return state.damaged(toDamageMessage(files.log, message.found));
      case "finish-checkpoint":
        return writer.checkpoint();
      case "notice":
        return logger.warn(message.what, { error: message.error });
    }
  }

  function noteDamage(error: string): void {
    if (closing || state.state === "damaged") return;
    state.damaged(`${files.log} is damaged (${error}). What can be saved is being counted.`);
    background.send({ t: "examine" });
  }

  function status(): LogStatus {
    const last = progress.committedSeq();
    const free = freeBytes(files.folder);
    return {
      state: state.state,
      reason: state.reason,
      id: logId,
      schemaVersion: MIGRATIONS.length,
      firstSeq: extent.firstSeq,
      lastSeq: last,
      events: extent.events,
      retention,
      fileBytes: fileBytes(files.log),
      reusableBytes: extent.reusableBytes,
      walBytes: fileBytes(`${files.log}-wal`),
      indexBytes: fileBytes(files.index) + fileBytes(`${files.index}-wal`),
      indexLag: Math.max(0, last - progress.indexedSeq()),
      queued: commit.queued(),
      diskFreeBytes: Number.isFinite(free) ? free : null,
    };
  }

  async function close(): Promise<void> {
    closing = true;
    commit.refuseWith(STOPPING);
    await new Promise<void>((resolve) => keeper.store.flush(() => resolve()));
    await commit.idle();
    await Promise.all([readers.close(), background.close()]);
    await writer.close();
    state.closed();
  }

  const log: EventLog = {
    append: (event, done) => commit.append(event, done),
    onCommitted: (listener) => subscribe(commitListeners, listener),
    query: (query) => readers.call("query", { query, now: clock.now() }),
    get: (id) => readers.call("get", { id }),
    body: (id, offset, length) => readers.call("body", { id, offset, length }),
    timeline: (from, to, buckets, filter) => readers.call("timeline", { from, to, buckets, filter, now: clock.now() }),
    async topics(prefix, limit, search = "") {
      const answer = await readers.call("topics", { prefix, search, limit });
      if (!answer.ok) throw new RefusalError(answer.refusal);
      return answer.value;
    },
    async topicLevel(parent, limit, after = null) {
      const answer = await readers.call("level", { parent, after, limit });
      if (!answer.ok) throw new RefusalError(answer.refusal);
      return answer.value;
    },
    async topicNodes(topics, recent) {
      const answer = await readers.call("nodes", { topics, recent });
      if (!answer.ok) throw new RefusalError(answer.refusal);
      return answer.value;
    },
    history: (wanted) => readers.call("history", wanted),
    read: (wanted) => readers.call("read", wanted),
    async retained() {
      const events: HubEvent[] = [];
      for (let after: number | null = 0; after !== null;) {
        const page: Result<RetainedPage> = await readers.call("retained", { after, limit: RETAINED_AT_ONCE });
        if (!page.ok) throw new RefusalError(page.refusal);
        events.push(...page.value.events);
        after = page.value.next;
      }
      return events;
    },
    keep(keeping) {
      retention = keeping.retention;
      policies.set(keeping.record);
      writer.keep(retention);
    },
    async pin(id, pinned) {
      const seq = toSeq(id, logId);
      const refusal = seq === null ? notFound(id).refusal : await writer.pin(seq, pinned);
      if (refusal === null) return accept(undefined);
      return refusal.code === "EVENT_NOT_FOUND" ? notFound(id) : { ok: false, refusal };
    },
    status,
    onState: (listener) => subscribe(stateListeners, listener),
    close: () => (closed ??= close()),
  };
  return { log, state: keeper.store, deliveries: createDeliveryStore(writer, readers), writer };
}

function subscribe<L>(listeners: Set<L>, listener: L): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
