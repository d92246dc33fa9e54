import type { HubEvent } from "../../hub/ports.ts";
import { toEventJson } from "../event-json.ts";

/** `cursor`: give it as `after` to go on. */
export function toPollAnswer(events: readonly HubEvent[], cursor: number, retained: boolean): string {
  return JSON.stringify({ events: events.map((event) => toEventJson(event, retained)), cursor });
}
