import { parseDuration } from "../config/parse-value.ts";
import type { InspectorClient } from "../contract/inspector.ts";
import { MAX_DEDUPE_WINDOW_MS, MAX_OVERLAP_MS, MAX_SECRET_CHARS, MAX_TOLERANCE_MS, SOURCE_MODES } from "../contract/source.ts";
import { flagText, UsageError, type Command, type CommandInput } from "./command.ts";
import { HUB_OPTIONS, withHub } from "./connect-hub.ts";
import { EXIT } from "./exit-codes.ts";
import { formatProviders, formatSources } from "./format-sources.ts";
import type { CliIo } from "./io.ts";
import { toJsonLine, toSafeLine } from "./safe-text.ts";
import { createStyle } from "./style.ts";

interface Asked {
  readonly client: InspectorClient;
  readonly name: string;
  /** The secret's; empty where none is named. */
  readonly secret: string;
  readonly input: CommandInput;
  readonly io: CliIo;
}

/** What an action says, to a person and to a program. */
interface Said {
  readonly text: string;
  readonly json: unknown;
}

interface Action {
  /** Is a secret named after the source? */
  readonly ofSecret: boolean;
  readonly flags: readonly string[];
  run(asked: Asked): Promise<Said>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  set: {
    ofSecret: false,
    flags: ["provider", "mode", "public", "dedupe", "tolerance"],
    async run({ client, name, input }) {
      const { provider, public: isPublic } = input.flags;
      const json = await client.call("sources.save", {
        name,
        ...(typeof provider === "string" ? { provider: provider === "none" ? null : provider } : {}),
        ...(typeof isPublic === "boolean" ? { public: isPublic } : {}),
        mode: readMode(input),
        dedupeWindowMs: readDuration(input, "dedupe", MAX_DEDUPE_WINDOW_MS),
        toleranceMs: flagText(input, "tolerance") === "provider" ? null : readDuration(input, "tolerance", MAX_TOLERANCE_MS),
      });
      return { text: `The source "${name}" is set: ${json.provider ?? "no provider"}, ${json.mode} mode.\n`, json };
    },
  },
  remove: {
    ofSecret: false,
    flags: [],
    async run({ client, name }) {
      await client.call("sources.remove", { name });
      return { text: `The source "${name}" and its secrets are removed; its events stay.\n`, json: { name, removed: true } };
    },
  },
  "add-secret": {
    ofSecret: true,
    flags: ["handshake"],
    async run({ client, name, secret, input, io }) {
      const use = input.flags["handshake"] === true ? "handshake" : "signature";
      const json = await client.call("sources.addSecret", { name, secret, value: await readSecret(io), use });
      return { text: `The source "${name}" has the secret "${secret}".\n`, json };
    },
  },
  "rotate-secret": {
    ofSecret: true,
    flags: ["overlap"],
    async run({ client, name, secret, input, io }) {
      const overlapMs = readDuration(input, "overlap", MAX_OVERLAP_MS);
      const json = await client.call("sources.rotateSecret", { name, secret, value: await readSecret(io), overlapMs });
      return { text: `The secret "${secret}" of "${name}" is new; the old one stays good for a while as "${secret}.old".\n`, json };
    },
  },
  "remove-secret": {
    ofSecret: true,
    flags: [],
    async run({ client, name, secret }) {
      const json = await client.call("sources.removeSecret", { name, secret });
      return { text: `The source "${name}" has no secret "${secret}" any more.\n`, json };
    },
  },
};

export const sources: Command = {
  name: "sources",
  summary: "list and set the sources of webhooks, and their secrets",
  usage: "sources list|providers|set|remove|add-secret|rotate-secret|remove-secret [name] [secret] [options]",
  about: [
    "A source is a way in for webhooks, /in/<name>. With a provider its requests are verified: in capture mode all are",
    "published and labelled, in gateway mode only what verifies is. Several secrets may be good at once.",
    "A secret is read from standard input, so that it stands in no history of commands, and is never shown again.",
  ],
  arguments: { min: 1, max: 3 },
  options: {
    provider: { type: "string", short: "p", value: "ID", help: 'set: who sends, one of "sources providers"; none for nobody known' },
    mode: { type: "string", short: "m", value: "MODE", help: `set: ${SOURCE_MODES.join(" or ")}` },
    public: { type: "boolean", help: "set: it may be reached through a tunnel; --no-public: no longer" },
    dedupe: { type: "string", value: "time", help: "set: for so long a delivery is not published twice, like 7d; 0 for never" },
    tolerance: { type: "string", value: "time", help: "set: how far the signed time may be off, like 5m; 0: any; provider: its own" },
    handshake: { type: "boolean", help: "add-secret: a word agreed with the provider, as Meta's verify token" },
    overlap: { type: "string", value: "time", help: "rotate-secret: so long the old one stays good, like 24h; 0: not at all" },
    ...HUB_OPTIONS,
  },
  examples: [
    ["signalbox sources set github --provider github --mode gateway", "only what GitHub has signed is published"],
    ["signalbox sources add-secret github main < secret.txt", "what it signs with"],
    ['printf %s "$NEW" | signalbox sources rotate-secret github main --overlap 1h', "a new one; the old one is good for one more hour"],
    ["signalbox sources list", "what there is, and how fast each is acknowledged"],
    ["signalbox sources providers", "who is known"],
  ],
  async run(input, io) {
    const [action = "", name, secret] = input.arguments;
    const print = async ({ text, json }: Said): Promise<number> => {
      await io.stdout.write(input.json ? toJsonLine(json) : text);
      return EXIT.ok;
    };
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    refuseForeignFlags(action, act?.flags ?? [], input);
    if (action === "list" || action === "providers") {
      if (name !== undefined) throw new UsageError(`"sources ${action}" does not take "${toSafeLine(name)}".`, "sources");
      return print(await withHub(input, io, (client) => list(client, action, io)));
    }
    if (!act)
      throw new UsageError(
        `"sources" does not know "${toSafeLine(action)}": say ${["list", "providers", ...Object.keys(ACTIONS)].join(", ")}.`,
        "sources",
      );
    if (name === undefined) throw new UsageError(`Which source? signalbox sources ${action} <name>.`, "sources");
    if (act.ofSecret !== (secret !== undefined)) {
      const wrong = act.ofSecret
        ? `Which secret? signalbox sources ${action} ${toSafeLine(name)} <secret's name>.`
        : `"sources ${action}" takes one name.`;
      throw new UsageError(wrong, "sources");
    }
    return print(await withHub(input, io, (client) => act.run({ client, name, secret: secret ?? "", input, io })));
  },
};

async function list(client: InspectorClient, what: "list" | "providers", io: CliIo): Promise<Said> {
  const style = createStyle(io, io.stdout);
  if (what === "providers") {
    const json = await client.call("providers.list", {});
    return { text: formatProviders(json.providers, style), json };
  }
  const json = await client.call("sources.list", {});
  return { text: formatSources(json.sources, Date.now(), style), json };
}

/** What is another action's must not be passed over in silence. */
function refuseForeignFlags(action: string, own: readonly string[], { flags }: CommandInput): void {
  const all = Object.values(ACTIONS).flatMap((one) => one.flags);
  const foreign = all.find((flag) => flags[flag] !== undefined && !own.includes(flag));
  if (foreign) throw new UsageError(`"sources ${toSafeLine(action)}" does not take --${foreign}.`, "sources");
}

function readMode(input: CommandInput): (typeof SOURCE_MODES)[number] | undefined {
  const text = flagText(input, "mode");
  const mode = SOURCE_MODES.find((one) => one === text);
  if (text !== undefined && mode === undefined)
    throw new UsageError(`--mode takes ${SOURCE_MODES.join(" or ")}, not "${toSafeLine(text)}".`, "sources");
  return mode;
}

function readDuration(input: CommandInput, flag: string, maxMs: number): number | undefined {
  const text = flagText(input, flag);
  if (text === undefined) return undefined;
  const parsed = parseDuration(0, maxMs)(text, "");
  if ("value" in parsed) return parsed.value;
  throw new UsageError(`--${flag} takes ${parsed.expected}, not "${toSafeLine(text)}".`, "sources");
}

/** Standard input without the line end that an editor or echo puts behind it. */
async function readSecret(io: CliIo): Promise<string> {
  if (io.stdin.isTTY === true)
    throw new UsageError("Pipe the secret in, as in: signalbox sources add-secret shop main < secret.txt", "sources");
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of io.stdin) {
    size += chunk.length;
    if (size > MAX_SECRET_CHARS + 2) throw new UsageError(`A secret has at most ${MAX_SECRET_CHARS} bytes.`, "sources");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
