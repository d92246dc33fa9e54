import type { SourceInfo } from "../contract/calls.ts";
import type { ProviderInfo } from "../contract/webhook-provider.ts";
import { formatDuration } from "./format-units.ts";
import { toSafeLine } from "./safe-text.ts";
import type { Style } from "./style.ts";

/** The sources as a table for a person. `now` in epoch ms. */
export function formatSources(sources: readonly SourceInfo[], now: number, style: Style): string {
  if (sources.length === 0) return "There are no sources. Post to /in/<name>, or make one with: signalbox sources set <name>\n";
  const head = ["NAME", "PROVIDER", "MODE", "SECRETS", "PUBLIC", "LAST EVENT", "ACKNOWLEDGED IN", "ADDRESS"];
  return table([head, ...sources.map((source) => toCells(source, now))], style);
}

export function formatProviders(providers: readonly ProviderInfo[], style: Style): string {
  const rows = providers.map(({ id, name, secret, budgetMs }) => [
    id,
    name,
    secret.label,
    budgetMs === null ? "" : formatDuration(budgetMs),
  ]);
  return table([["ID", "NAME", "SECRET", "WAITS FOR"], ...rows], style);
}

function toCells({ name, provider, mode, detected, secrets, public: isPublic, lastEventAt, ack, url }: SourceInfo, now: number): string[] {
  const looksLike = detected ? `(looks like ${detected.id})` : "";
  const last = lastEventAt === null ? "" : `${formatDuration(now - lastEventAt)} ago`;
  const budget = ack?.budgetMs == null ? "" : ` of ${ack.budgetMs}`;
  const waits = ack ? `p50 ${ack.p50Ms} ms, p99 ${ack.p99Ms}${budget} ms${ack.late > 0 ? `, ${ack.late} late` : ""}` : "";
  return [name, provider ?? looksLike, mode, secrets.map((secret) => secret.name).join(" "), isPublic ? "yes" : "", last, waits, url];
}

function table(rows: readonly (readonly string[])[], style: Style): string {
  const safe = rows.map((cells) => cells.map(toSafeLine));
  const widths = safe[0]!.map((_, column) => Math.max(...safe.map((cells) => cells[column]!.length)));
  return safe
    .map((cells, index) => {
      const line = cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd();
      return `${index === 0 ? style("dim", line) : line}\n`;
    })
    .join("");
}
