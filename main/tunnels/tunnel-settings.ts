import { SOURCE_NAME } from "../contract/source.ts";
import { MAX_TUNNEL_PROVIDERS, TUNNEL_NAME, type ProviderChoice, type ProviderChoiceInfo, type Tunnel } from "../contract/tunnel.ts";
import { TUNNEL_PROVIDER_TEXTS, withPresets, type TunnelField, type TunnelFieldKind } from "../contract/tunnel-provider.ts";
import { toPublicUrl } from "./public-url.ts";

const MAX_CHARS = 4096;

/** A name or an address, and perhaps a user before it. */
const SERVER = /^(?:[^@\s/-][^@\s/]*@)?[a-z0-9[][a-z0-9._:[\]-]*$/i;

/** What a value of each kind must be; the answer completes "must be". */
const KINDS: Readonly<Record<TunnelFieldKind, { readonly what: string; readonly fits: (value: string) => boolean }>> = {
  // What begins with a dash would be an option to the program it is handed to.
  text: { what: "printable text that does not begin with a dash", fits: (value) => /^[^-\s\u0000-\u001f][^\u0000-\u001f]*$/.test(value) },
  server: { what: "a name or an address", fits: (value) => SERVER.test(value) || /^[\w.+-]+$/.test(value) },
  port: { what: "a port from 0 to 65535", fits: (value) => /^\d{1,5}$/.test(value) && Number(value) <= 65_535 },
  url: { what: "an http or https URL without query and user", fits: (value) => toPublicUrl(value) !== null },
  file: { what: "a path from the root or from ~/", fits: (value) => /^(?:\/|~\/|[a-z]:[\\/])[^\u0000-\u001f]*$/i.test(value) },
  switch: { what: "yes or no", fits: (value) => value === "yes" || value === "no" },
  source: { what: "a source's name", fits: (value) => SOURCE_NAME.test(value) },
  secret: { what: "text on one line", fits: (value) => /^[^\u0000-\u001f]+$/.test(value) },
};

/** Why this cannot be a tunnel, or null when it can. */
export function tunnelFault({ name, providers, localPort }: Tunnel): string | null {
  if (!TUNNEL_NAME.test(name)) return "its name must have 1 to 64 letters, digits, dots, dashes or underscores";
  if (providers.length === 0) return "it needs a provider";
  if (providers.length > MAX_TUNNEL_PROVIDERS) return `it has more than ${MAX_TUNNEL_PROVIDERS} providers`;
  for (const choice of providers) {
    const fault = choiceFault(choice, localPort);
    if (fault !== null) return `${TUNNEL_PROVIDER_TEXTS[choice.provider].title}: ${fault}`;
  }
  return null;
}

function choiceFault({ provider, settings }: ProviderChoice, localPort: number): string | null {
  const { fields } = TUNNEL_PROVIDER_TEXTS[provider];
  for (const [name, value] of Object.entries(settings)) {
    const field = fields.find((one) => one.name === name);
    if (!field) return `it has no setting "${name}", only ${fields.map((one) => one.name).join(", ")}`;
    const { what, fits } = KINDS[field.kind];
    if (value.length > MAX_CHARS || !fits(value)) return `its ${name} must be ${what}`;
  }
  const missing = fields.find((field) => field.required && settings[field.name] === undefined);
  if (missing) return `it needs ${missing.name}: ${missing.help}`;
  const pin = settings["host-key"];
  if (pin !== undefined && !/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(pin))
    return "its host-key must be like SHA256:…, as ssh-keygen -lf shows it";
  if (provider === "cloudflared") return cloudflaredFault(settings, localPort);
  return null;
}

function cloudflaredFault({ token, tunnel, url }: Readonly<Record<string, string | undefined>>, localPort: number): string | null {
  if (token !== undefined && tunnel !== undefined) return "it takes a token or a tunnel's name, not both";
  if ((token ?? tunnel) !== undefined && url === undefined) return "a named tunnel needs url: the public URL that leads to it";
  if (token !== undefined && localPort === 0)
    return "with a token the tunnel needs a fixed local port, which its service in the dashboard names, like http://127.0.0.1:4810";
  return null;
}

/** A choice with the secrets that were left out as they were, where they still go to the same server. */
export function withKeptSecrets(choice: ProviderChoice, before: readonly ProviderChoice[]): ProviderChoice {
  const { fields } = TUNNEL_PROVIDER_TEXTS[choice.provider];
  const serversOf = (one: ProviderChoice): string => {
    const all = withPresets(one.provider, one.settings);
    return fields
      .filter(isServer)
      .map(({ name }) => `${name}=${all[name] ?? ""}`)
      .join("\n");
  };
  const same = before.find((one) => one.provider === choice.provider && serversOf(one) === serversOf(choice));
  const kept = fields.flatMap(({ name, kind }) => {
    const value = kind === "secret" && choice.settings[name] === undefined ? same?.settings[name] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  return { provider: choice.provider, settings: { ...choice.settings, ...Object.fromEntries(kept) } };
}

/** What the secrets of a provider are given for. */
function isServer({ name, kind }: TunnelField): boolean {
  return kind === "server" || name === "port" || name === "server";
}

/** What may be shown of a choice. */
export function toChoiceInfo({ provider, settings }: ProviderChoice): ProviderChoiceInfo {
  const secrets = TUNNEL_PROVIDER_TEXTS[provider].fields.filter(({ kind }) => kind === "secret").map(({ name }) => name);
  return {
    provider,
    settings: Object.fromEntries(Object.entries(settings).filter(([name]) => !secrets.includes(name))),
    secrets: secrets.filter((name) => settings[name] !== undefined),
  };
}
