import { setTimeout as wait } from "node:timers/promises";
import { MAX_PAGE } from "../contract/calls.ts";
import { ERRORS, RefusalError, type Refusal } from "../contract/errors.ts";
import type { EventSummary } from "../contract/event.ts";
import type { Gap } from "../contract/feeds.ts";
import type { InspectorClient } from "../contract/inspector.ts";

export interface FollowOptions {
  /** Finds the hub anew each time: after a restart it may have other ports. */
  readonly connect: () => Promise<InspectorClient>;
  readonly filter: string | undefined;
  /** Left out: from now on. */
  readonly after: number | undefined;
  /** In order of seq, each event once. The feed waits for the promise. */
  readonly onEvents: (events: readonly EventSummary[], client: InspectorClient) => Promise<void>;
  /** What a person should know while it goes on: the hub went away, is back, has another log. */
  readonly onNotice: (message: string) => void;
  readonly stop: AbortSignal;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2000;

/**
 * Follows the log until `stop`, over restarts of the hub, without gap and without duplicate: what a feed leaves out is
 * fetched by call, and a new connection goes on after the last seq seen. Throws RefusalError when the first connection
 * fails or the hub refuses for good.
 */
export async function followEvents(options: FollowOptions): Promise<void> {
  const { connect, onNotice, stop } = options;
  let client: InspectorClient | null = await connect();
  let logId = client.welcome.logId;
  let position = { seq: options.after ?? client.welcome.lastSeq };
  while (!stop.aborted) {
    const end: Refusal | null = await followOnce(client, position, options);
    client.close();
    if (stop.aborted) return;
    if (end && !ERRORS[end.code].retryable) throw new RefusalError(end);
    onNotice("The hub is gone; waiting for it to come back (Ctrl-C to stop).");
    client = await reconnect(connect, stop);
    if (!client) return;
    if (client.welcome.logId !== logId) {
      logId = client.welcome.logId;
      position = { seq: 0 };
      onNotice("The hub is back with another log; going on from its beginning.");
    } else {
      onNotice(`The hub is back; going on after seq ${position.seq}.`);
    }
  }
  client.close();
}

/** One connection's share. `position` moves with each event dealt with. Gives what ended it; null when it was `stop`. */
function followOnce(
  client: InspectorClient,
  position: { seq: number },
  { filter, onEvents, stop }: FollowOptions,
): Promise<Refusal | null> {
  const { promise, resolve, reject } = Promise.withResolvers<Refusal | null>();
  const onStop = () => resolve(null);
  stop.addEventListener("abort", onStop);

  const deliver = async (events: readonly EventSummary[]): Promise<void> => {
    const fresh = events.filter(({ seq }) => seq > position.seq);
    const last = fresh.at(-1);
    if (!last || stop.aborted) return;
    await onEvents(fresh, client);
    position.seq = last.seq;
  };
  const fill = async ({ to }: Gap): Promise<void> => {
    for (let after = position.seq, more = true; more && after < to && !stop.aborted;) {
      const page = await client.call("events.query", { after, filter, limit: MAX_PAGE });
      await deliver(page.events);
      more = page.more && page.cursor > after;
      after = page.cursor;
    }
  };
  // A handler that fails ends this connection, so that nothing behind the failure is taken as seen.
  const orEnd = (work: Promise<void>): Promise<void> =>
    work.catch((error: unknown) => {
      feed.close();
      if (error instanceof RefusalError) resolve({ code: error.code, message: error.message });
      else reject(error);
    });
  const feed = client.open(
    "events",
    { after: position.seq, filter },
    { onItems: (items) => orEnd(deliver(items)), onGap: (gap) => orEnd(fill(gap)), onEnd: (error) => resolve(error ?? GONE) },
  );
  return promise.finally(() => {
    stop.removeEventListener("abort", onStop);
    feed.close();
  });
}

const GONE: Refusal = { code: "HUB_UNREACHABLE", message: "The hub ended the feed." };

/** Tries until it succeeds, the hub refuses for good (throws), or `stop` (null). */
async function reconnect(connect: () => Promise<InspectorClient>, stop: AbortSignal): Promise<InspectorClient | null> {
  for (let retryMs = FIRST_RETRY_MS; !stop.aborted; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
    await wait(retryMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) break;
    try {
      return await connect();
    } catch (error) {
      if (!(error instanceof RefusalError) || !ERRORS[error.code].retryable) throw error;
    }
  }
  return null;
}
