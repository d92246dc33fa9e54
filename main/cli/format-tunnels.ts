import type { TunnelHealth, TunnelInfo, TunnelList } from "../contract/tunnel.ts";
import { toSafeLine } from "./safe-text.ts";
import type { Style } from "./style.ts";

const STREAM_WORDS: Readonly<Record<TunnelHealth["stream"], string>> = {
  streams: "streams come through",
  "post-only": "streams come through by POST only: subscribe with POST /sse",
  buffered: "streams are held back until they end",
  unknown: "streams could not be tried",
};

/** The tunnels as a table for a person, with what is wrong below each. */
export function formatTunnels({ tunnels, unavailable }: TunnelList, style: Style): string {
  const missing = unavailable.map(({ provider, reason }) => style("dim", `${provider} cannot be used: ${reason}\n`)).join("");
  if (tunnels.length === 0) return `There are no tunnels. Open one with: signalbox tunnel open localhost.run\n${missing}`;
  const rows = [["NAME", "STATE", "PROVIDER", "PUBLIC URL", "SELF-TEST"], ...tunnels.map(toCells)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
  const [head = "", ...body] = lines;
  const told = tunnels.map((one, index) => `${body[index]}\n${trouble(one, style)}`);
  return `${style("dim", head)}\n${told.join("")}${missing}`;
}

function toCells({ name, state, provider, publicUrl, health }: TunnelInfo): string[] {
  const test = health === null ? "" : health.ok ? `${health.latencyMs} ms` : "fails";
  return [name, state, provider ?? "", publicUrl ?? "", test].map(toSafeLine);
}

function trouble({ state, reason, retryAt }: TunnelInfo, style: Style): string {
  if (reason === null || (state !== "retrying" && state !== "failing" && state !== "opening")) return "";
  const again = retryAt === null ? "" : ` It is tried again at ${new Date(retryAt).toLocaleTimeString("sv-SE")}.`;
  return style("red", `  ${toSafeLine(reason)}${again}\n`);
}

/** What became of opening a tunnel. */
export function formatOpened(tunnel: TunnelInfo, style: Style): string {
  const { name, publicUrl, health, note, reason, sources } = tunnel;
  if (publicUrl === null) {
    const why = toSafeLine(reason ?? "It is still being opened.");
    return `${style("red", "The tunnel is not open.")} ${why}\nIt is tried again and again; give it up with: signalbox tunnel close ${name}\n`;
  }
  const lines = [
    style("bold", toSafeLine(publicUrl)),
    ...(health === null ? [] : [style(health.ok ? "green" : "red", formatHealth(health))]),
    ...(note === null ? [] : [style("dim", note)]),
    ...(sources.length === 0
      ? [`No source is public yet. Make one so with: signalbox tunnel open ${name} --source <name>`]
      : sources.map(({ source, url }) => toSafeLine(`${source}  ${url}`))),
  ];
  return `${lines.join("\n")}\n`;
}

export function formatHealth({ ok, latencyMs, stream, reason }: TunnelHealth): string {
  if (!ok) return toSafeLine(`The self-test does not get through: ${reason ?? "it did not come back."}`);
  return `It works: ${latencyMs} ms there and back; ${STREAM_WORDS[stream]}.`;
}
