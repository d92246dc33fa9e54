import { connect, isIP, type Socket } from "node:net";
import { isPublicAddress } from "../../net/public-address.ts";
import { leadsBelow, toPublicUrl } from "../public-url.ts";
import { readText } from "../read-text.ts";
import { TunnelFault, type OpenContext, type OpenTunnel, type TunnelProvider } from "../tunnel.ts";

/** Connections that are kept at the server, whatever it would allow. */
const MAX_CONNECTIONS = 20;
const RECONNECT_MS = 1000;
/** As long as no connection has been there for so long, the tunnel is lost. */
const LOST_AFTER_MS = 15_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** What its servers take as a name. */
const NAME = /^[a-z0-9-]{4,63}$/;

/**
 * localtunnel's protocol: `GET <server>/?new` (or `/<name>`) answers with a port and a public URL; every TCP connection
 * made to that port carries requests to whoever made it. Its own npm package has not been kept up for years.
 */
export const localtunnel: TunnelProvider = {
  id: "localtunnel",
  senderHeader: "x-forwarded-for",
  async open(settings, context) {
    const server = new URL(settings["server"]!);
    const assigned = await ask(server, settings["subdomain"] ?? null, context.signal);
    if (assigned.name !== null) context.remember("subdomain", assigned.name); // so that the URL stays the same
    return holdConnections(assigned, context);
  },
};

interface Assigned {
  readonly name: string | null;
  readonly publicUrl: string;
  readonly serverHost: string;
  /** Where connections are made to. */
  readonly host: string;
  readonly port: number;
  readonly connections: number;
}

async function ask(server: URL, subdomain: string | null, signal: AbortSignal): Promise<Assigned> {
  const address = new URL(
    subdomain === null ? "?new" : encodeURIComponent(subdomain),
    server.href.endsWith("/") ? server : `${server.href}/`,
  );
  let response: Response;
  let answer: Record<string, unknown>;
  try {
    response = await fetch(address, { signal, headers: { accept: "application/json", "user-agent": "signalbox" } });
    answer = Object(JSON.parse(await readText(response, MAX_ANSWER_BYTES))) as Record<string, unknown>;
  } catch (error) {
    const { cause, message } = error as Error;
    throw new TunnelFault(`The localtunnel server ${server.host} gives no tunnel: ${cause instanceof Error ? cause.message : message}.`);
  }
  const { id, port, url, ip, message } = answer;
  const publicUrl = typeof url === "string" ? toPublicUrl(url) : null;
  if (!response.ok || publicUrl === null || !Number.isInteger(port) || Number(port) < 1 || Number(port) > 65_535) {
    const why = typeof message === "string" ? message.slice(0, 200) : `it answered ${response.status}`;
    // 403: the name that is asked for cannot be one.
    throw new TunnelFault(`The localtunnel server ${server.host} gives no tunnel: ${why}.`, { needsPerson: response.status === 403 });
  }
  return {
    name: typeof id === "string" && NAME.test(id) ? id : null,
    publicUrl,
    serverHost: server.hostname,
    // The server's word must not lead to machines behind this one's firewall.
    host: typeof ip === "string" && isIP(ip) !== 0 && isPublicAddress(ip) ? ip : server.hostname.replace(/^\[|\]$/g, ""),
    port: Number(port),
    connections: Math.min(MAX_CONNECTIONS, Math.max(1, Number(answer["max_conn_count"]) || 1)),
  };
}

/** Resolves when the first connection stands. A connection that has been used, or is lost, is replaced. */
function holdConnections({ publicUrl, serverHost, host, port, connections }: Assigned, context: OpenContext): Promise<OpenTunnel> {
  const ended = Promise.withResolvers<string>();
  const sockets = new Set<Socket>();
  let standing = 0;
  let isOver = false;
  let lost: NodeJS.Timeout | undefined;

  const end = (why: string): void => {
    isOver = true;
    clearTimeout(lost);
    context.signal.removeEventListener("abort", onAbort);
    for (const socket of sockets) socket.destroy();
    ended.resolve(why);
  };
  const onAbort = (): void => end("It was closed.");
  context.signal.addEventListener("abort", onAbort);

  return new Promise((resolve, reject) => {
    const open = (): void => {
      if (isOver) return;
      const remote = connect({ host, port, noDelay: true, keepAlive: true });
      sockets.add(remote);
      let stood = false;
      remote.once("connect", () => {
        stood = true;
        standing += 1;
        clearTimeout(lost);
        lost = undefined;
        carry(remote, context.localPort);
        resolve({
          publicUrl,
          isForeignWord: !leadsBelow(publicUrl, serverHost),
          onlySource: null,
          ended: ended.promise,
          close: async () => end("It was closed."),
        });
      });
      let why = "closed";
      remote.once("error", (error) => (why = error.message));
      remote.once("close", () => {
        sockets.delete(remote);
        if (stood) standing -= 1;
        if (isOver) return;
        if (standing === 0) lost ??= setTimeout(() => end(`The localtunnel server ${host} takes no connections: ${why}.`), LOST_AFTER_MS);
        if (stood) open();
        else setTimeout(open, RECONNECT_MS);
      });
    };
    void ended.promise.then((why) => reject(new TunnelFault(why)));
    for (let count = 0; count < connections; count += 1) open();
  });
}

/** Joins the connection to the tunnel's own listener with its first bytes: until then it may stand idle for hours. */
function carry(remote: Socket, localPort: number): void {
  remote.once("data", (first) => {
    const local = connect({ host: "127.0.0.1", port: localPort, noDelay: true });
    local.write(first);
    remote.pipe(local).pipe(remote);
    local.once("error", () => remote.destroy());
    local.once("close", () => remote.destroySoon());
    remote.once("error", () => local.destroy());
    remote.once("close", () => local.destroySoon());
  });
}
