import { isIPv6 } from "node:net";
import ssh2, { type Client, type ConnectConfig, type ServerHostKeyAlgorithm } from "ssh2";
import { toAuthority } from "../../platform/net.ts";
import { leadsBelow } from "../public-url.ts";
import { TunnelFault, type OpenContext, type OpenTunnel } from "../tunnel.ts";
import { forwardChannels } from "./forward-channels.ts";
import { createHostKeyCheck } from "./host-key.ts";
import { readIdentities } from "./identities.ts";
import { readAnnouncement } from "./read-announcement.ts";
import { toSshEnd, toSshFault, type SshError, type SshTarget } from "./ssh-fault.ts";

const READY_WITHIN_MS = 20_000;
const KEEPALIVE_MS = 15_000;
const KEEPALIVE_MISSES = 3;
const CLOSE_WITHIN_MS = 1000;
/** SHA-1 (ssh-rsa) and DSA are left out: RSA keys sign with SHA-2 (RFC 8332). */
const HOST_KEY_ALGORITHMS = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const satisfies readonly ServerHostKeyAlgorithm[];

export interface SshTunnel extends SshTarget {
  readonly hostKey: string | null;
  readonly acceptNew: boolean;
  readonly key: string | null;
  readonly passphrase: string | null;
  readonly password: string | null;
  /** A service for everybody: it is tried without a key first. */
  readonly anonymous: boolean;
  /** What is to be listened on there. */
  readonly bind: string;
  readonly remotePort: number;
  /** Where the public URL comes from: a service says it in its session, or the port that is listened on decides it. */
  readonly url: { readonly ofText: (said: string) => string | null } | { readonly ofPort: (port: number) => string };
}

/** Connects, is let in, asks for the forwarding, learns the public URL. Throws a TunnelFault. */
export async function openSsh(tunnel: SshTunnel, context: OpenContext): Promise<OpenTunnel> {
  const client = new ssh2.Client();
  const ended = Promise.withResolvers<string>();
  let lastError: SshError | null = null;
  client.on("error", (error: SshError) => {
    if (error.level !== "agent") lastError = error; // an agent that is gone: other keys are tried
  });
  client.once("close", () => ended.resolve(toSshEnd(lastError, tunnel.host)));
  const abort = (): void => void client.destroy();
  context.signal.addEventListener("abort", abort);
  client.once("close", () => context.signal.removeEventListener("abort", abort));
  try {
    context.signal.throwIfAborted();
    await connect(client, tunnel, context);
    const channels = forwardChannels(client, context);
    const port = await forwardIn(client, tunnel, ended.promise);
    const { host, url } = tunnel;
    const isSaid = "ofText" in url;
    const publicUrl = isSaid ? await readAnnouncement(client, host, url.ofText) : url.ofPort(port);
    return {
      publicUrl,
      isForeignWord: isSaid && !leadsBelow(publicUrl, host),
      onlySource: null,
      ended: ended.promise,
      async close() {
        const cut = setTimeout(() => client.destroy(), CLOSE_WITHIN_MS);
        await channels.settled();
        client.end();
        await ended.promise;
        clearTimeout(cut);
      },
    };
  } catch (error) {
    client.destroy();
    // What ssh2 throws when the connection went between two steps.
    throw (error as Error).message === "Not connected" ? new TunnelFault(toSshEnd(lastError, tunnel.host)) : error;
  }
}

/** Resolves once the server is known to be the right one, and has let us in. */
function connect(client: Client, tunnel: SshTunnel, context: OpenContext): Promise<void> {
  const { host, port, user, hostKey: pinned, acceptNew } = tunnel;
  const identities = readIdentities({ ...tunnel, env: context.env });
  const check = createHostKeyCheck({ host, port, pinned, acceptNew, dataFolder: context.dataFolder });
  const tried: string[] = [];
  const left = [...identities];
  let foreign: string | null = null;
  const config: ConnectConfig = {
    host,
    port,
    username: user,
    readyTimeout: READY_WITHIN_MS,
    keepaliveInterval: KEEPALIVE_MS,
    keepaliveCountMax: KEEPALIVE_MISSES,
    algorithms: { serverHostKey: preferring(check.keyTypes) },
    hostVerifier: (key: Buffer) => {
      foreign = check.fault(key);
      return foreign === null;
    },
    authHandler: (_methodsLeft, _partialSuccess, next) => {
      const identity = left.shift();
      if (identity && identity.method.type !== "none") tried.push(identity.name);
      // Its types do not say that false ends the attempt, as its documentation does.
      next(identity ? identity.method : (false as unknown as "none"));
    },
  };
  return new Promise((resolve, reject) => {
    client.once("ready", () => {
      client.setNoDelay(true); // or each answer waits 40 ms for the server's acknowledgement
      resolve();
    });
    client.on("error", (error: SshError) => {
      if (error.level === "agent") return;
      reject(foreign === null ? toSshFault(error, tunnel, tried) : new TunnelFault(foreign, { needsPerson: true }));
    });
    client.once("close", () => reject(new TunnelFault(`The server ${host} closed the connection before it let ${user} in.`)));
    client.connect(config);
  });
}

/** Algorithms of the key types that the server is known by first: it answers with the key of the first that it has. */
function preferring(keyTypes: readonly string[]): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean => keyTypes.includes(algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm);
  return [...HOST_KEY_ALGORITHMS.filter(isKnown), ...HOST_KEY_ALGORITHMS.filter((algorithm) => !isKnown(algorithm))];
}

/** Resolves with the port the server listens on. */
function forwardIn(client: Client, { host, bind, remotePort }: SshTunnel, ended: Promise<string>): Promise<number> {
  return new Promise((resolve, reject) => {
    void ended.then((why) => reject(new TunnelFault(why)));
    client.forwardIn(bind, remotePort, (error, port) => {
      if (!error) return resolve(port);
      const what = remotePort === 0 ? "any port" : `port ${remotePort}${bind === "" ? "" : ` of ${bind}`}`;
      const message = `The server ${host} does not forward ${what} to here. The port or name may be taken, or its sshd_config forbids it: AllowTcpForwarding must allow "remote", and ports below 1024 are for root.`;
      reject(new TunnelFault(message, { needsPerson: true }));
    });
  });
}

/** `http://host:port`, without a port that says nothing. */
export function plainUrl(host: string, port: number): string {
  return port === 80 ? `http://${isIPv6(host) ? `[${host}]` : host}` : `http://${toAuthority(host, port)}`;
}
