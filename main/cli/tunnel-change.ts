import { TUNNEL_WAYS, type ProviderChoice, type TunnelChange, type TunnelInfo, type TunnelWay } from "../contract/tunnel.ts";
import { isTunnelProvider, TUNNEL_PROVIDER_TEXTS, TUNNEL_PROVIDERS, type TunnelProviderId } from "../contract/tunnel-provider.ts";
import { flagNumber, UsageError, type CommandInput } from "./command.ts";
import type { CliIo } from "./io.ts";

const MAX_SECRET_BYTES = 16 * 1024;

/** What the command line says of a tunnel that is to be made or changed; null when it is to be opened as it is. Throws UsageError. */
export async function readTunnelChange(
  name: string,
  before: TunnelInfo | undefined,
  input: CommandInput,
  io: CliIo,
): Promise<TunnelChange | null> {
  const { flags } = input;
  const given = textsOf(flags["provider"]).map(toProvider);
  const sets = textsOf(flags["set"]);
  const ways = textsOf(flags["way"]).map(toWay);
  const localPort = flagNumber(input, "tunnel", "local-port", 0);
  const selfTest = flags["self-test"] as boolean | undefined;
  const says = given.length + sets.length + ways.length > 0 || localPort !== undefined || selfTest !== undefined;
  if (before && !says) return null;
  const named = isTunnelProvider(name) ? [name] : [];
  const known: readonly ProviderChoice[] = before?.providers ?? [];
  const providers = given.length > 0 ? given : known.length > 0 ? known.map(({ provider }) => provider) : named;
  if (providers.length === 0) {
    const message = `There is no tunnel "${name}" yet, so say by what it is to be opened: --provider with one of ${TUNNEL_PROVIDERS.join(", ")}.`;
    throw new UsageError(message, "tunnel");
  }
  const settings = await readSettings(sets, providers, io);
  const sources = textsOf(flags["source"]);
  return {
    name,
    providers: providers.map((provider) => ({
      provider,
      settings: {
        // What is not said anew stays, but for a provider that was not there before.
        ...known.find((one) => one.provider === provider)?.settings,
        ...(provider === "smee" && sources[0] !== undefined ? { source: sources[0] } : {}),
        ...settings.get(provider),
      },
    })),
    ...(ways.length > 0 ? { ways } : {}),
    localPort,
    selfTest,
  };
}

/** `name=value` of the first provider, `provider.name=value` of any. */
async function readSettings(
  sets: readonly string[],
  providers: readonly TunnelProviderId[],
  io: CliIo,
): Promise<ReadonlyMap<TunnelProviderId, Readonly<Record<string, string>>>> {
  const settings = new Map<TunnelProviderId, Record<string, string>>();
  for (const set of sets) {
    const [, left, value] = /^([^=]+)=(.*)$/s.exec(set) ?? [];
    if (left === undefined || value === undefined) throw new UsageError(`--set takes name=value, not "${set.split("=")[0]}".`, "tunnel");
    const provider = providers.find((one) => left.startsWith(`${one}.`)) ?? providers[0]!;
    const name = left.startsWith(`${provider}.`) ? left.slice(provider.length + 1) : left;
    const { fields } = TUNNEL_PROVIDER_TEXTS[provider];
    if (!fields.some((field) => field.name === name)) {
      const known = fields.map((field) => field.name).join(", ");
      throw new UsageError(`${provider} has no setting "${name}". It has ${known}.`, "tunnel");
    }
    const one = settings.get(provider) ?? {};
    one[name] = value === "-" ? await readStdin(io) : value;
    settings.set(provider, one);
  }
  return settings;
}

/** A secret, without the line's end that an editor leaves. */
async function readStdin(io: CliIo): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of io.stdin) {
    bytes += chunk.length;
    if (bytes > MAX_SECRET_BYTES)
      throw new UsageError(`What comes by stdin is no secret: it has more than ${MAX_SECRET_BYTES} bytes.`, "tunnel");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8").trim();
}

function toProvider(text: string): TunnelProviderId {
  if (isTunnelProvider(text)) return text;
  throw new UsageError(`There is no provider "${text}". There are ${TUNNEL_PROVIDERS.join(", ")}.`, "tunnel");
}

function toWay(text: string): TunnelWay {
  const way = TUNNEL_WAYS.find((one) => one === text);
  if (way) return way;
  throw new UsageError(`A tunnel cannot carry "${text}". It can carry ${TUNNEL_WAYS.join(", ")}.`, "tunnel");
}

function textsOf(given: CommandInput["flags"][string]): readonly string[] {
  return [given ?? []].flat().filter((value) => typeof value === "string");
}
