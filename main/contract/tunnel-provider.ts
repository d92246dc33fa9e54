export const TUNNEL_PROVIDERS = [
  "ssh",
  "localhost.run",
  "serveo",
  "pinggy",
  "sish",
  "cloudflared",
  "ngrok",
  "localtunnel",
  "smee",
] as const;
export type TunnelProviderId = (typeof TUNNEL_PROVIDERS)[number];

/** `server`: a secret is given for this one, and forgotten when it changes. `file`: a path on the hub's machine. */
export type TunnelFieldKind = "text" | "server" | "port" | "url" | "file" | "switch" | "source" | "secret";

/** One thing a provider can be told: forms, the command line and checks are all made from this. */
export interface TunnelField {
  readonly name: string;
  readonly kind: TunnelFieldKind;
  readonly help: string;
  readonly required?: true;
  /** Used where nothing is said. */
  readonly preset?: string;
}

export interface TunnelProviderText {
  readonly title: string;
  /** One sentence: what it is, and what it wants. */
  readonly about: string;
  /** What somebody who uses it should know; null where nothing is. */
  readonly note: string | null;
  readonly fields: readonly TunnelField[];
}

const SSH_FIELDS: readonly TunnelField[] = [
  { name: "key", kind: "file", help: "private key file; left out: the agent's keys, then those in ~/.ssh" },
  { name: "passphrase", kind: "secret", help: "the key file's passphrase" },
  { name: "host-key", kind: "text", help: "the server's key as SHA256:…; left out: known_hosts says it" },
];

const ADDRESS_CHANGES = "The address changes with each connection";

/** What is known of each provider before it is used. */
export const TUNNEL_PROVIDER_TEXTS: Readonly<Record<TunnelProviderId, TunnelProviderText>> = {
  ssh: {
    title: "SSH to a server of your own",
    about: "Remote forwarding (ssh -R) to any OpenSSH server.",
    note: null,
    fields: [
      { name: "host", kind: "server", help: "the server, like hooks.example.com or me@hooks.example.com", required: true },
      { name: "port", kind: "port", help: "its SSH port", preset: "22" },
      { name: "user", kind: "server", help: "user name there; left out: the one of this hub's user" },
      { name: "password", kind: "secret", help: "where there is no key" },
      ...SSH_FIELDS,
      {
        name: "accept-new",
        kind: "switch",
        help: "a server that is not known yet is believed the first time, and remembered",
        preset: "no",
      },
      { name: "bind", kind: "text", help: "address the server listens on; left out: as its GatewayPorts says" },
      { name: "remote-port", kind: "port", help: "port the server listens on; 0 for any", preset: "0" },
      { name: "url", kind: "url", help: "public URL, where something stands before that port; left out: http://<host>:<remote port>" },
    ],
  },
  "localhost.run": {
    title: "localhost.run",
    about: "A free public service over SSH; no account needed.",
    note: `${ADDRESS_CHANGES} unless your key has an account there.`,
    fields: [
      { name: "host", kind: "server", help: "its server", preset: "localhost.run" },
      { name: "port", kind: "port", help: "its SSH port", preset: "22" },
      { name: "user", kind: "server", help: "`nokey`, or any other name with a key of an account", preset: "nokey" },
      { name: "domain", kind: "text", help: "a domain of your account" },
      ...SSH_FIELDS,
    ],
  },
  serveo: {
    title: "Serveo",
    about: "A free public service over SSH; no account needed.",
    note: `${ADDRESS_CHANGES} unless your key is registered there.`,
    fields: [
      { name: "host", kind: "server", help: "its server", preset: "serveo.net" },
      { name: "port", kind: "port", help: "its SSH port", preset: "22" },
      { name: "domain", kind: "text", help: "a name below the service's domain, or a domain registered there" },
      ...SSH_FIELDS,
    ],
  },
  pinggy: {
    title: "Pinggy",
    about: "A public service over SSH; no account needed for 60 minutes at a time.",
    note: `Without a token a connection lasts 60 minutes. ${ADDRESS_CHANGES}.`,
    fields: [
      { name: "host", kind: "server", help: "its server", preset: "a.pinggy.io" },
      { name: "port", kind: "port", help: "its SSH port", preset: "443" },
      { name: "token", kind: "secret", help: "token of an account there" },
      ...SSH_FIELDS,
    ],
  },
  sish: {
    title: "sish",
    about: "A sish server (github.com/antoniomika/sish), yours or a public one.",
    note: null,
    fields: [
      { name: "host", kind: "server", help: "the server, like tuns.example.com", required: true },
      { name: "port", kind: "port", help: "its SSH port", preset: "2222" },
      { name: "user", kind: "server", help: "user name there; left out: the one of this hub's user" },
      { name: "password", kind: "secret", help: "where there is no key" },
      { name: "domain", kind: "text", help: "a name below the server's domain; left out: a random one" },
      ...SSH_FIELDS,
      {
        name: "accept-new",
        kind: "switch",
        help: "a server that is not known yet is believed the first time, and remembered",
        preset: "no",
      },
    ],
  },
  cloudflared: {
    title: "Cloudflare Tunnel",
    about: "Needs the program cloudflared. Without a token or a name: a quick tunnel on trycloudflare.com, no account needed.",
    note: "A quick tunnel's address changes each time, and answers to GET are held back until they end: subscribers use POST /sse.",
    fields: [
      {
        name: "token",
        kind: "secret",
        help: "of a tunnel made in Cloudflare's dashboard; give the tunnel a fixed local port and name that there",
      },
      { name: "tunnel", kind: "text", help: "name of a tunnel made with `cloudflared tunnel create`" },
      { name: "url", kind: "url", help: "the public URL that leads to a named tunnel, like https://hooks.example.com" },
      { name: "binary", kind: "file", help: "where cloudflared is; left out: on the PATH" },
    ],
  },
  ngrok: {
    title: "ngrok",
    about: "Needs the npm package @ngrok/ngrok beside Signalbox, and the authtoken of an account.",
    note: null,
    fields: [
      { name: "token", kind: "secret", help: "the authtoken; left out: NGROK_AUTHTOKEN in the hub's environment" },
      { name: "domain", kind: "text", help: "a domain of the account, which stays the same" },
    ],
  },
  localtunnel: {
    title: "localtunnel",
    about: "A free public service, or a server of your own; no account needed.",
    note: "The public service is often down or slow.",
    fields: [
      { name: "server", kind: "url", help: "the server", preset: "https://localtunnel.me" },
      { name: "subdomain", kind: "text", help: "a name to ask for; left out: a random one" },
    ],
  },
  smee: {
    title: "smee.io",
    about: "A channel that hands JSON webhooks on, for one source. No account needed.",
    note:
      "smee parses what it is sent and hands on the JSON: the bytes are made anew here, so signatures over the exact body may fail. " +
      "Only JSON posted to the channel comes through, and the sender gets smee's answer instead of the source's.",
    fields: [
      { name: "source", kind: "source", help: "the source that everything on the channel is for", required: true },
      { name: "channel", kind: "url", help: "the channel's URL; left out: a new one is made" },
      { name: "server", kind: "url", help: "where a new channel is made", preset: "https://smee.io" },
    ],
  },
};

/** Settings with the presets of what is left out. */
export function withPresets(provider: TunnelProviderId, settings: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const presets = TUNNEL_PROVIDER_TEXTS[provider].fields.flatMap(({ name, preset }) =>
    preset === undefined ? [] : [[name, preset] as const],
  );
  return { ...Object.fromEntries(presets), ...settings };
}

export function isTunnelProvider(text: string): text is TunnelProviderId {
  return TUNNEL_PROVIDERS.some((one) => one === text);
}
