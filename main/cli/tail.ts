import { MAX_CHUNK_BYTES } from "../contract/calls.ts";
import { RefusalError } from "../contract/errors.ts";
import type { EventSummary } from "../contract/event.ts";
import { parseFilter } from "../contract/filter.ts";
import type { InspectorClient } from "../contract/inspector.ts";
import { flagNumber, type Command, type CommandInput } from "./command.ts";
import { createConnector, HUB_OPTIONS } from "./connect-hub.ts";
import { EXIT } from "./exit-codes.ts";
import { followEvents } from "./follow-events.ts";
import { formatEvent } from "./format-event.ts";
import { formatBytes } from "./format-units.ts";
import type { CliIo } from "./io.ts";
import { toJsonLine, toSafeText } from "./safe-text.ts";
import { createStyle } from "./style.ts";

/** Bodies are shown to a person up to here. */
const SHOWN_BODY_BYTES = 64 * 1024;

export const tail: Command = {
  name: "tail",
  summary: "show events as they come in",
  usage: "tail [filter] [options]",
  about: [
    "Shows every event from now on, one line each, until Ctrl-C. When the hub restarts, it goes on where it was.",
    "The filter is the inspector's: topic:sensors/# protocol:webhook source:github state:refused size:>10k",
    `status:>=400 after:-1h "free text" word*; all terms must hold, commas mean "any of", - in front means "not"`,
    "(put -- before a filter that begins with a dash). A topic filter with a wildcard may stand alone: sensors/#",
  ],
  arguments: { min: 0, max: 32 },
  options: {
    after: { type: "string", value: "seq", help: "begin with the stored events after this seq; 0 for all of them" },
    limit: { type: "string", short: "n", value: "count", help: "end after so many events" },
    body: { type: "boolean", short: "b", help: "show the bodies too; with --json as body (text) or bodyBase64" },
    ...HUB_OPTIONS,
  },
  examples: [
    ["signalbox tail", "everything, live"],
    ["signalbox tail 'sensors/+/temperature'", "what comes on matching topics"],
    ["signalbox tail source:github --body", "GitHub's webhooks with their bodies"],
    [`signalbox tail 'topic:sensors/# -"heartbeat"'`, "a topic filter, without some words"],
    ["signalbox tail --after 0 --json | head -n 20 | jq .topic", "the first stored events, for a program"],
  ],
  async run(input, io) {
    const filter = input.arguments.length > 0 ? input.arguments.map(toTerm).join(" ") : undefined;
    const parsed = parseFilter(filter ?? "", Date.now());
    if (!parsed.ok) throw new RefusalError(parsed.refusal);
    const limit = flagNumber(input, "tail", "limit", 1) ?? Infinity;
    const after = flagNumber(input, "tail", "after", 0);

    const done = new AbortController();
    const stop = AbortSignal.any([done.signal, io.stdout.closed]);
    const forget = io.onInterrupt(() => done.abort());
    const show = createPrinter(input, io);
    let shown = 0;
    try {
      await followEvents({
        connect: createConnector(input, io),
        filter,
        after,
        stop,
        onNotice: (message) => void io.stderr.write(input.json ? toJsonLine({ notice: message }) : `${message}\n`),
        async onEvents(events, client) {
          for (const event of events) {
            if (stop.aborted) return;
            await io.stdout.write(await show(event, client));
            shown += 1;
            if (shown >= limit) done.abort();
          }
        },
      });
    } finally {
      forget();
    }
    return EXIT.ok;
  },
};

/** A level that is a wildcard means nothing else in the filter language. */
const TOPIC_WITH_WILDCARD = /^(?:[^\s:"]*\/)?[+#](?:\/[^\s:"]*)?$/;

function toTerm(word: string): string {
  return TOPIC_WITH_WILDCARD.test(word) ? `topic:${word}` : word;
}

function createPrinter({ json, flags }: CommandInput, io: CliIo): (event: EventSummary, client: InspectorClient) => Promise<string> {
  const style = createStyle(io, io.stdout);
  const withBody = flags["body"] === true;
  return async (event, client) => {
    if (json) {
      if (!withBody) return toJsonLine(event);
      const body = await readBody(client, event.id, Infinity);
      const text = toText(body);
      return toJsonLine(text === null ? { ...event, bodyBase64: body.toString("base64") } : { ...event, body: text });
    }
    const columns = io.stdout.isTTY ? io.stdout.columns : null;
    if (!withBody) return `${formatEvent(event, style, columns)}\n`;
    const body = await readBody(client, event.id, SHOWN_BODY_BYTES);
    return `${formatEvent({ ...event, preview: "" }, style, columns)}\n${showBody(body, event.size)}`;
  };
}

/** The stored body, or its first `maxBytes`. */
async function readBody(client: InspectorClient, id: string, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let offset = 0, end = 1; offset < end;) {
    const length = Math.min(MAX_CHUNK_BYTES, maxBytes - offset);
    const chunk = await client.call("events.body", { id, offset, length });
    const bytes = Buffer.from(chunk.base64, "base64");
    chunks.push(bytes);
    offset += bytes.length;
    end = bytes.length === 0 ? offset : Math.min(chunk.storedBytes, maxBytes);
  }
  return Buffer.concat(chunks);
}

function toText(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function showBody(body: Buffer, size: number): string {
  if (body.length === 0) return "";
  const cut = body.length < size ? `    … ${formatBytes(size - body.length)} more\n` : "";
  // A character may be cut in two at the end of what was read: that alone does not make it binary.
  const text = toText(body) ?? (cut === "" ? null : toText(body.subarray(0, body.length - incompleteTail(body))));
  if (text === null) return `    (${formatBytes(size)}, binary)\n`;
  return `${toSafeText(text).replace(/\n$/, "").replace(/^/gm, "    ")}\n${cut}`;
}

/** Bytes at the end that begin a UTF-8 character without finishing it (RFC 3629 §3). */
function incompleteTail(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back]!;
    if (byte >= 0xc0) return back;
    if (byte < 0x80) return 0;
  }
  return 0;
}
