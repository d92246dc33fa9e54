import type { EventSummary } from "../contract/event.ts";
import { formatBytes, formatTimeOfDay } from "./format-units.ts";
import { toSafeLine } from "./safe-text.ts";
import type { Style } from "./style.ts";

/**
 * One event on one line: time, seq, protocol, topic, method and path where there are any, size, what became of it when
 * it was not simply accepted, and the beginning of its body. `columns` cuts it; null leaves it whole.
 */
export function formatEvent(event: EventSummary, style: Style, columns: number | null): string {
  const parts: [text: string, format: Parameters<Style>[0] | null][] = [
    [formatTimeOfDay(event.time), "dim"],
    [String(event.seq).padStart(7), "dim"],
    [event.protocol.padEnd(9), "cyan"],
    [toSafeLine(event.topic).padEnd(28), "bold"],
    [formatBytes(event.size).padStart(8), null],
  ];
  const mark = stateOf(event);
  if (mark) parts.push([mark, event.state === "refused" ? "red" : "yellow"]);
  if (event.method !== null) parts.push([toSafeLine(`${event.method} ${event.path ?? ""}`.trimEnd()), "dim"]);
  parts.push([event.preview === null ? "(binary)" : toSafeLine(event.preview), event.preview === null ? "dim" : null]);

  let room = columns ?? Infinity;
  const shown: string[] = [];
  for (const [text, format] of parts) {
    if (room <= 0) break;
    const cut = cutTo(text, room);
    room -= cut.length + 2;
    shown.push(format ? style(format, cut) : cut);
  }
  return shown.join("  ").trimEnd();
}

function stateOf({ state, refusal, truncated, verdict }: EventSummary): string | null {
  const words = [
    state === "accepted" ? null : state === "refused" ? `refused ${refusal ?? ""}`.trimEnd() : state,
    truncated ? "truncated" : null,
    verdict === "failed" ? "signature failed" : null,
  ].filter((word) => word !== null);
  return words.length > 0 ? `[${words.join(", ")}]` : null;
}

function cutTo(text: string, room: number): string {
  if (text.length <= room) return text;
  const cut = text.slice(0, Math.max(0, room - 1));
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
