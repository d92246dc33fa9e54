import type { Retention } from "../contract/settings.ts";
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
    ...(status.certificate ? [["cert", certificate(status.certificate, status.now)] as const] : []),
    ["data", status.dataFolder],
    ["log", logState(status, style)],
    ["events", log.lastSeq === 0 ? "none yet" : `${formatCount(log.events)} kept (seq ${log.firstSeq} to ${log.lastSeq})`],
    ["size", `${formatBytes(log.fileBytes + log.walBytes)} on disk, search index ${formatBytes(log.indexBytes)}${lag(log.indexLag)}`],
    ["keeps", keeps(log.retention)],
    ...(log.diskFreeBytes === null ? [] : [["disk", `${formatBytes(log.diskFreeBytes)} free`] as const]),
    ["rate", `${formatCount(Math.round(status.rate.accepted))}/s accepted, ${formatCount(Math.round(status.rate.refused))}/s refused`],
    ["memory", formatBytes(status.memoryBytes)],
    ["limit", `bodies up to ${formatBytes(status.limits.maxBodyBytes)}`],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${style("dim", name.padEnd(width))}  ${name === "log" ? value : toSafeLine(value)}\n`).join("");
}

function certificate({ fingerprint, validUntilAt }: NonNullable<HubStatus["certificate"]>, now: number): string {
  const left = validUntilAt - now;
  return `SHA-256 ${fingerprint}, ${left > 0 ? `for another ${formatDuration(left)}` : "ended"}`;
}

function logState({ log }: HubStatus, style: Style): string {
  const reason = log.reason === null ? "" : `: ${toSafeLine(log.reason)}`;
  return style(log.state === "open" ? "green" : "red", `${log.state}${reason}`);
}

function keeps({ keepForMs, keepEvents, keepBytes }: Retention): string {
  const bounds = [
    ...(keepForMs === null ? [] : [`for ${formatDuration(keepForMs)}`]),
    ...(keepEvents === null ? [] : [`${formatCount(keepEvents)} events`]),
    ...(keepBytes === null ? [] : [formatBytes(keepBytes)]),
  ];
  return bounds.length === 0 ? "every event (keep-for, keep-events and keep-bytes set bounds)" : `at most ${bounds.join(", ")}`;
}

function lag(events: number): string {
  return events === 0 ? "" : `, ${formatCount(events)} events behind`;
}
