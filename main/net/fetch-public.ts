import { lookup, type LookupAddress } from "node:dns";
import { request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { Readable } from "node:stream";
import { isPublicAddress } from "./public-address.ts";

/** Like `lookup` of node:dns with `all`. */
export type ResolveAll = (host: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

const resolveBySystem: ResolveAll = (host, done) => lookup(host, { all: true }, (error, addresses) => done(error, addresses ?? []));

interface PublicInit {
  readonly signal?: AbortSignal | null;
}

/**
 * GET over HTTPS from a machine of the public internet, for URLs that came from outside: never one behind this machine's
 * firewall, whatever its name resolves to now or at the next time, and never where a redirect leads (a 3xx is the answer).
 * The address that was looked at is the one that is dialled. Rejects where `fetch` would.
 */
export async function fetchPublic(
  url: string | URL,
  { signal }: PublicInit = {},
  resolve: ResolveAll = resolveBySystem,
): Promise<Response> {
  const { protocol, hostname, href } = new URL(url);
  if (protocol !== "https:") throw new Error(`${href} is not fetched: only https is.`);
  if (isIP(hostname.replace(/^\[|\]$/g, "")) !== 0) throw new Error(`${href} is not fetched: its host is an address, not a name.`);
  const { promise, resolve: answered, reject } = Promise.withResolvers<Response>();
  // No agent: a connection that is kept could be another's, and this one was looked at.
  const outgoing = request(href, { agent: false, lookup: pinTo(resolve), ...(signal ? { signal } : {}) }, (incoming) => {
    const { statusCode = 0 } = incoming;
    const hasBody = statusCode !== 204 && statusCode !== 205 && statusCode !== 304;
    if (!hasBody) incoming.resume();
    answered(new Response(hasBody ? (Readable.toWeb(incoming) as ReadableStream) : null, { status: statusCode }));
  });
  outgoing.on("error", reject);
  outgoing.end();
  return promise;
}

/** A lookup that gives only public addresses: one that is not makes the name suspect, and then it gives none. */
function pinTo(resolve: ResolveAll): LookupFunction {
  return (host, { all }, done) => {
    resolve(host, (error, addresses) => {
      const foreign = addresses.find(({ address }) => !isPublicAddress(address));
      const [first] = addresses;
      if (error) done(error, "");
      else if (foreign) done(new Error(`${host} is at ${foreign.address}, which is not on the public internet.`), "");
      else if (first === undefined) done(new Error(`${host} has no address.`), "");
      else if (all) done(null, [...addresses]);
      else done(null, first.address, first.family);
    });
  };
}
