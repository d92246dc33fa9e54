import type { HubEvent } from "../../hub/ports.ts";
import { toEventJson } from "../event-json.ts";

/** `cursor`: give it as `after` to go on. */
export function toPollAnswer(events: readonly HubEvent[], cursor: number): string {
  return JSON.stringify({ events: events.map((event) => toEventJson(event, false)), cursor });
}

const PIECE_CHARS = 64 * 1024;

/** The same answer with retained events, which may be very many: in pieces that hold one event, or several small ones. */
export function* toRetainedPieces(events: readonly HubEvent[], cursor: number): Generator<string, void> {
  let piece = '{"events":[';
  let comma = "";
  for (const event of events) {
    piece += comma + JSON.stringify(toEventJson(event, true));
    comma = ",";
    if (piece.length < PIECE_CHARS) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}],"cursor":${cursor}}`;
}
