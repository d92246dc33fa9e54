import type { EventDetail, HeaderList } from "../../main/contract/event.ts";

/** Header lines as they went over the wire, without the line ends. */
export function toHeaderText(headers: HeaderList): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join("\n");
}

/** The request's first line and headers as received; null for an event that did not come over HTTP. */
export function toRequestHead(event: EventDetail): string | null {
  if (event.method === null) return null;
  return `${event.method} ${event.path ?? "/"} HTTP/${event.httpVersion ?? "1.1"}\n${toHeaderText(event.headers)}`;
}
