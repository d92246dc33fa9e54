import type { EventSummary } from "../../main/contract/event.ts";

/** What names an event in the list: a quiet origin and the word that matters. */
export interface EventTitle {
  readonly origin: string;
  readonly name: string;
}

/**
 * Of a webhook the source and its event type (`github` `push`), or the path below the source where no type is known;
 * of everything else the topic with its last level brought out.
 */
export function toEventTitle(event: Pick<EventSummary, "source" | "topic" | "path">): EventTitle {
  const prefix = `webhooks/${event.source}`;
  if (event.source !== null && (event.topic === prefix || event.topic.startsWith(`${prefix}/`))) {
    const type = event.topic.slice(prefix.length + 1);
    const rest = restOfPath(event.path, event.source);
    // `event` is what a webhook of no known type is called.
    const named = type !== "" && !(type === "event" && rest !== "/");
    return { origin: event.source, name: named ? type : rest };
  }
  const cut = event.topic.lastIndexOf("/") + 1;
  return { origin: event.topic.slice(0, cut), name: event.topic.slice(cut) };
}

function restOfPath(path: string | null, source: string): string {
  const prefix = `/in/${source}`;
  return path?.startsWith(prefix) ? path.slice(prefix.length) || "/" : (path ?? "");
}
