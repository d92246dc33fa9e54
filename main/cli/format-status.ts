import type { HubStatus } from "../contract/status.ts";
import { formatBytes, formatCount, formatDuration } from "./format-units.ts";
import { toSafeLine } from "./safe-text.ts";
import type { Style } from "./style.ts";

/** The hub's status as a table for a person. */
export function formatStatus(status: HubStatus, style: Style): string {
  const { log } = status;
  const rows: (readonly [string, string])[] = [
    ["hub", `Signalbox ${status.version}, pid ${status.pid}`],
    ["up", `${formatDuration(status.now - status.startedAt)}, since ${new Date(status.startedAt).toLocaleString("sv-SE")}`],
    ...status.listeners.map(({ name, url }) => [name, url] as const),
    ["data", status.dataFolder],
    ["log", logState(status, style)],
    ["events", log.lastSeq === 0 ? "none yet" : `${formatCount(log.lastSeq - log.firstSeq + 1)} (seq ${log.firstSeq} to ${log.lastSeq})`],
    ["size", `${formatBytes(log.fileBytes + log.walBytes)} on disk, search index ${formatBytes(log.indexBytes)}${lag(log.indexLag)}`],
    ["rate", `${formatCount(Math.round(status.rate.accepted))}/s accepted, ${formatCount(Math.round(status.rate.refused))}/s refused`],
    ["memory", formatBytes(status.memoryBytes)],
    ["limit", `bodies up to ${formatBytes(status.limits.maxBodyBytes)}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${style("dim", name.padEnd(width))}  ${name === "log" ? value : toSafeLine(value)}\n`).join("");
}

function logState({ log }: HubStatus, style: Style): string {
  const reason = log.reason === null ? "" : `: ${toSafeLine(log.reason)}`;
  return style(log.state === "open" ? "green" : "red", `${log.state}${reason}`);
}

function lag(events: number): string {
  return events === 0 ? "" : `, ${formatCount(events)} events behind`;
}
