import type { InspectorClient } from "../contract/inspector.ts";
import { TUNNEL_PROVIDERS } from "../contract/tunnel-provider.ts";
import { UsageError, type Command, type CommandInput } from "./command.ts";
import { HUB_OPTIONS, withHub } from "./connect-hub.ts";
import { EXIT } from "./exit-codes.ts";
import { formatHealth, formatOpened, formatTunnels } from "./format-tunnels.ts";
import type { CliIo } from "./io.ts";
import { toJsonLine } from "./safe-text.ts";
import { createStyle } from "./style.ts";
import { readTunnelChange } from "./tunnel-change.ts";
import { parseWait, waitForTunnel } from "./wait-for-tunnel.ts";

type Action = (client: InspectorClient, name: string, input: CommandInput, io: CliIo) => Promise<number>;

const ACTIONS: Readonly<Record<string, Action>> = {
  open,
  async close(client, name, input, io) {
    return print(await client.call("tunnels.close", { name }), `The tunnel "${name}" is closed.\n`, input, io);
  },
  async remove(client, name, input, io) {
    await client.call("tunnels.remove", { name });
    return print({ name, removed: true }, `The tunnel "${name}" is closed and forgotten.\n`, input, io);
  },
  async test(client, name, input, io) {
    const health = await client.call("tunnels.test", { name });
    await print(health, `${formatHealth(health)}\n`, input, io);
    return health.ok ? EXIT.ok : EXIT.failed;
  },
};

export const tunnel: Command = {
  name: "tunnel",
  summary: "let webhooks in from the internet",
  usage: "tunnel open|close|list|test|remove [name] [options]",
  about: [
    "A tunnel gives the running hub a public URL. Only sources that are marked public can be reached through it, at",
    "<public URL>/in/<source>; everything else is answered 404. It stays open, over restarts too, until it is closed.",
    "",
    `Providers: ${TUNNEL_PROVIDERS.join(", ")}. A name that is a provider's needs no --provider.`,
    "With several providers the first one is used, and the others stand in for it, in order, when it fails.",
    "What each provider can be told (--set) is in docs/tunnels.md.",
  ],
  arguments: { min: 1, max: 2 },
  options: {
    provider: {
      type: "string",
      short: "p",
      multiple: true,
      value: "provider",
      help: "open: by what; the next ones stand in for the first",
    },
    set: {
      type: "string",
      multiple: true,
      value: "name=value",
      help: "open: a setting of the first provider; <provider>.<name>=value of another. A value of - is read from stdin",
    },
    source: {
      type: "string",
      short: "s",
      multiple: true,
      value: "source",
      help: "open: mark this source public (it is made if it is not there)",
    },
    way: {
      type: "string",
      multiple: true,
      value: "way",
      help: "open: carry this too, with a key: publish, poll, sse, websocket, socket-io, mqtt",
    },
    "local-port": { type: "string", value: "port", help: "open: where on 127.0.0.1 its own listener listens [any free port]" },
    "self-test": { type: "boolean", help: "open: try it through its public URL, again and again [on]" },
    wait: { type: "string", value: "time", help: "open: so long for it to be open; 0 to go on at once [90s]" },
    ...HUB_OPTIONS,
  },
  examples: [
    ["signalbox tunnel open cloudflared --source github", "a quick tunnel, by which GitHub's webhooks come in"],
    ["signalbox tunnel open hooks --provider ssh --set host=me@hooks.example.com --set remote-port=8080", "by a server of your own"],
    [
      "signalbox tunnel open main -p ngrok -p localhost.run --set ngrok.token=- < token",
      "two providers; the token is not among the arguments",
    ],
    ["signalbox tunnel list", "which tunnels there are, and how they are"],
    ["signalbox tunnel test main", "try it through its public URL: latency, and whether streams come through"],
    ["signalbox tunnel close main", "nothing comes by it any more"],
  ],
  async run(input, io) {
    const [action = "", name] = input.arguments;
    refuseForeignFlags(action, input);
    if (action === "list") {
      if (name !== undefined) throw new UsageError(`"tunnel list" does not take "${name}".`, "tunnel");
      const list = await withHub(input, io, (client) => client.call("tunnels.list", {}));
      return print(list, formatTunnels(list, createStyle(io, io.stdout)), input, io);
    }
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!act) throw new UsageError(`"tunnel" does not know "${action}": say open, close, list, test or remove.`, "tunnel");
    if (name === undefined) throw new UsageError(`Which tunnel? signalbox tunnel ${action} <name>.`, "tunnel");
    parseWait(input); // what is wrong is said before a hub is looked for
    return withHub(input, io, (client) => act(client, name, input, io));
  },
};

async function open(client: InspectorClient, name: string, input: CommandInput, io: CliIo): Promise<number> {
  const waitMs = parseWait(input);
  const { tunnels } = await client.call("tunnels.list", {});
  const before = tunnels.find((one) => one.name === name);
  const change = await readTunnelChange(name, before, input, io);
  for (const source of namesOf(input, "source")) await client.call("sources.save", { name: source, public: true });
  if (change) await client.call("tunnels.save", change);
  const opened = await client.call("tunnels.open", { name });
  const told = waitMs === 0 ? opened : await waitForTunnel(client, opened, waitMs, io);
  await print(told, formatOpened(told, createStyle(io, io.stdout)), input, io);
  return waitMs === 0 || told.state === "open" ? EXIT.ok : EXIT.failed;
}

function namesOf({ flags }: CommandInput, flag: string): readonly string[] {
  return [flags[flag] ?? []].flat().filter((value) => typeof value === "string");
}

/** What only `open` understands must not be passed over in silence by the others. */
function refuseForeignFlags(action: string, { flags }: CommandInput): void {
  if (action === "open") return;
  const foreign = ["provider", "set", "source", "way", "local-port", "self-test", "wait"].find((flag) => flags[flag] !== undefined);
  if (foreign) throw new UsageError(`"tunnel ${action}" does not take --${foreign}.`, "tunnel");
}

async function print(json: unknown, text: string, input: CommandInput, io: CliIo): Promise<number> {
  await io.stdout.write(input.json ? toJsonLine(json) : text);
  return EXIT.ok;
}
