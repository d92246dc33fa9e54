import type { KeyInfo } from "../contract/key.ts";
import { formatDuration } from "./format-units.ts";
import { toSafeLine } from "./safe-text.ts";
import type { Style } from "./style.ts";

/** The keys as a table for a person. `now` in epoch ms. */
export function formatKeys(keys: readonly KeyInfo[], now: number, style: Style): string {
  if (keys.length === 0) return "There are no keys. Make one with: signalbox keys add <name>\n";
  const rows = [["NAME", "STATE", "EXPIRES", "LAST USED", "MAY PUBLISH", "MAY SUBSCRIBE"], ...keys.map((key) => toCells(key, now))];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows
    .map((cells, index) => {
      const line = cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd();
      return `${index === 0 ? style("dim", line) : line}\n`;
    })
    .join("");
}

function toCells({ name, enabled, expiresAt, lastUsedAt, publish, subscribe }: KeyInfo, now: number): string[] {
  const isOver = expiresAt !== null && expiresAt <= now;
  const expires = expiresAt === null ? "never" : isOver ? "over" : `in ${formatDuration(expiresAt - now)}`;
  const used = lastUsedAt === null ? "" : `${formatDuration(now - lastUsedAt)} ago`;
  return [name, enabled ? (isOver ? "expired" : "on") : "off", expires, used, filters(publish), filters(subscribe)].map(toSafeLine);
}

function filters(list: readonly string[]): string {
  return list.length === 0 ? "nothing" : list.join(" ");
}
