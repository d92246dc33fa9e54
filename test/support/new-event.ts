import type { NewEvent } from "../../main/hub/ports.ts";

/** An accepted event of the hub's own, with what a test wants otherwise. */
export function newEvent(change: Partial<NewEvent> = {}): NewEvent {
  const body = change.body ?? Buffer.from("hello");
  return {
    receivedAt: 1_700_000_000_000,
    protocol: "hub",
    direction: "in",
    source: null,
    topic: "test/topic",
    contentType: "text/plain",
    body,
    size: body.length,
    truncated: false,
    state: "accepted",
    refusal: null,
    verdict: "not-configured",
    verdictCause: null,
    duplicateOfSeq: null,
    retained: false,
    causeSeq: null,
    traceSeq: null,
    hops: 0,
    head: null,
    ...change,
  };
}
