import type { FlagValues } from "../config/parse-flags.ts";
import { parseDuration } from "../config/parse-value.ts";
import { UsageError, type Command, type CommandInput } from "./command.ts";
import { HUB_OPTIONS } from "./connect-hub.ts";
import { EXIT } from "./exit-codes.ts";
import { formatKeys } from "./format-keys.ts";
import { withKeys, type KeyRing } from "./key-ring.ts";
import { toJsonLine, toSafeLine } from "./safe-text.ts";
import { createStyle, type Style } from "./style.ts";

const DAY_MS = 86_400_000;
const parseLifetime = parseDuration(1000, 36_500 * DAY_MS);

/** What each does, and what it prints for a person and for a program. */
type Action = (keys: KeyRing, name: string, input: CommandInput, style: Style) => Promise<{ text: string; json: unknown }>;

const ACTIONS: Readonly<Record<string, Action>> = {
  async add(keys, name, input, style) {
    const { publish, subscribe, expires } = input.flags;
    const key = await keys.add({
      name,
      expiresAt: typeof expires === "string" ? parseExpiry(expires, Date.now()) : null,
      publish: toFilters(publish),
      subscribe: toFilters(subscribe),
    });
    const note = style("dim", `The key "${name}" is made. Its secret is shown this once; as MQTT password the user name is ${name}.`);
    return { text: `${key.secret}\n${note}\n`, json: key };
  },
  async revoke(keys, name) {
    await keys.revoke(name);
    return { text: `The key "${name}" is revoked; whoever used it is cut off.\n`, json: { name, revoked: true } };
  },
  async enable(keys, name) {
    return { text: `The key "${name}" is on.\n`, json: await keys.enable(name, true) };
  },
  async disable(keys, name) {
    return { text: `The key "${name}" is off; whoever used it is cut off.\n`, json: await keys.enable(name, false) };
  },
};

export const keys: Command = {
  name: "keys",
  summary: "make, list and revoke the keys of devices",
  usage: "keys add|list|revoke|enable|disable [name] [options]",
  about: [
    "Keys let devices and clients in from beyond this machine. A running hub is asked, and does it at once; without one",
    "the keys of the data folder are changed. A secret is printed when its key is made, and never again.",
    "Without --publish (or --subscribe) a key may publish (or subscribe) on every topic but $…; in their filters %k",
    "stands for the key's name and %c for the id a client gives itself.",
  ],
  arguments: { min: 1, max: 2 },
  options: {
    publish: { type: "string", short: "p", multiple: true, value: "filter", help: "add: it may publish on these topics only" },
    subscribe: { type: "string", short: "s", multiple: true, value: "filter", help: "add: it may subscribe to these topics only" },
    "no-publish": { type: "boolean", help: "add: it may not publish at all" },
    "no-subscribe": { type: "boolean", help: "add: it may not subscribe at all" },
    expires: { type: "string", short: "e", value: "time", help: "add: good for so long, like 30d or 12h, or until a day, like 2027-12-31" },
    ...HUB_OPTIONS,
  },
  examples: [
    ["signalbox keys add pump --publish 'pumps/%k/#' --no-subscribe", "a device that only reports"],
    ["signalbox keys add guest --subscribe 'public/#' --no-publish --expires 30d", "somebody who looks on for a month"],
    ["signalbox keys list", "who may come in, and what each may do"],
    ["signalbox keys revoke pump", "and whoever uses it is cut off"],
    ["signalbox keys add ci --json | jq -r .secret", "for a script"],
  ],
  async run(input, io) {
    const [action = "", name] = input.arguments;
    const style = createStyle(io, io.stdout);
    refuseForeignFlags(action, input);
    if (action === "list") {
      if (name !== undefined) throw new UsageError(`"keys list" does not take "${toSafeLine(name)}".`, "keys");
      const all = await withKeys(input, io, (ring) => ring.list());
      await io.stdout.write(input.json ? toJsonLine({ keys: all }) : formatKeys(all, Date.now(), style));
      return EXIT.ok;
    }
    const act = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!act) throw new UsageError(`"keys" does not know "${toSafeLine(action)}": say add, list, revoke, enable or disable.`, "keys");
    if (name === undefined) throw new UsageError(`Which key? signalbox keys ${action} <name>.`, "keys");
    const done = await withKeys(input, io, (ring) => act(ring, name, input, style));
    await io.stdout.write(input.json ? toJsonLine(done.json) : done.text);
    return EXIT.ok;
  },
};

/** What only `add` understands must not be passed over in silence by the others. */
function refuseForeignFlags(action: string, { flags }: CommandInput): void {
  if (action === "add") return;
  const foreign = ["publish", "subscribe", "expires"].find((flag) => flags[flag] !== undefined);
  if (foreign) throw new UsageError(`"keys ${action}" does not take --${foreign}: revoke the key and add it anew.`, "keys");
}

/** `--no-publish` comes as false among the values of `--publish`: it stands for none, and takes nothing from those that are given. */
function toFilters(given: FlagValues[string]): readonly string[] | undefined {
  return given === undefined ? undefined : [given].flat().filter((filter) => typeof filter === "string");
}

/** `30d`, `12h`; or a day (its end, in this machine's time) or an instant, as ISO 8601 writes them. Epoch ms. */
function parseExpiry(text: string, now: number): number {
  const lifetime = parseLifetime(text, "");
  if ("value" in lifetime) return now + lifetime.value;
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = isDay ? new Date(`${text}T23:59:59.999`).getTime() : /^\d{4}-\d{2}-\d{2}T/.test(text) ? new Date(text).getTime() : Number.NaN;
  if (at > now) return at;
  const wrong = Number.isNaN(at) ? `"${toSafeLine(text)}" is no time` : `${toSafeLine(text)} is over`;
  throw new UsageError(`--expires: ${wrong}. Give a time to come, like 30d, 12h or 2027-12-31.`, "keys");
}
