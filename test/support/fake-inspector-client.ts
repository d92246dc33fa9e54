import type { CallName, CallParams, CallResult } from "../../main/contract/calls.ts";
import type { EventSummary } from "../../main/contract/event.ts";
import type { FeedHandlers, InspectorClient } from "../../main/contract/inspector.ts";
import type { ConnectionState } from "../../renderer/link/connection.ts";
import { createCell } from "../../renderer/state/cell.ts";

const LOG_ID = "log";

/** A summary with little in it. */
export function fakeSummary(seq: number): EventSummary {
  return {
    seq,
    id: `${LOG_ID}-${seq.toString(36)}`,
    time: seq * 1000,
    protocol: "hub",
    direction: "in",
    source: null,
    topic: "t",
    contentType: null,
    size: 0,
    method: null,
    path: null,
    status: null,
    state: "accepted",
    refusal: null,
    truncated: false,
    verdict: "not-configured",
    verdictCause: null,
    duplicateOf: null,
    traceId: "",
    causeId: null,
    hops: 0,
    retained: false,
    preview: null,
  };
}

/** A log of events 1 to `last` and its live feed, in memory, behind the renderer's connection. */
export function createFakeHub(first: number) {
  let last = first;
  let feed: FeedHandlers<"events"> | null = null;
  const queries: CallParams<"events.query">[] = [];
  const state = createCell<ConnectionState>({ state: "connecting" });

  const query = ({ after, before, limit = 100 }: CallParams<"events.query">): CallResult<"events.query"> => {
    const seqs = Array.from({ length: last }, (_, at) => at + 1);
    const found = after === undefined ? seqs.filter((seq) => seq < (before ?? Infinity)).toReversed() : seqs.filter((seq) => seq > after);
    const events = found.slice(0, limit).map(fakeSummary);
    return { events, cursor: events.at(-1)?.seq ?? before ?? after ?? 0, last, more: found.length > limit };
  };
  const call = async <N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> => {
    if (name !== "events.query") throw new Error(`${name} is not part of this`);
    const asked = params as CallParams<"events.query">;
    queries.push(asked);
    return query(asked);
  };
  const createClient = (): InspectorClient => ({
    welcome: { hubVersion: "0", logId: LOG_ID, lastSeq: last },
    call,
    open: (_name, _params, handlers) => {
      feed = handlers as unknown as FeedHandlers<"events">;
      return { close: () => (feed = null) };
    },
    onClose: () => () => {},
    close: () => {},
  });

  return {
    queries,
    connection: { state, start: () => {}, stop: () => {}, retry: () => {}, call },
    connect: () => state.set({ state: "open", client: createClient() }),
    disconnect: () => {
      feed = null;
      state.set({ state: "lost", reason: { code: "HUB_UNREACHABLE", message: "gone" }, retryInMs: 0, since: 0 });
    },
    /** Stores so many more; the feed hears of them unless it is told of a gap instead. */
    append: async (count: number, heard: "items" | "gap" | "nothing" = "items"): Promise<void> => {
      const from = last + 1;
      last += count;
      if (heard === "items") await feed?.onItems(Array.from({ length: count }, (_, at) => fakeSummary(from + at)));
      if (heard === "gap") await feed?.onGap({ from, to: last });
    },
  };
}
