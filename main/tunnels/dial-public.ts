import { lookup } from "node:dns";
import { request as requestPlain, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "../net/public-address.ts";

/** Asks a browser's warning page of a free provider to stand aside: it would answer in the hub's place. */
const NO_WARNING_PAGE = {
  "user-agent": "signalbox-self-test",
  "ngrok-skip-browser-warning": "1",
  "bypass-tunnel-reminder": "1",
  "serveo-skip-browser-warning": "1",
  "x-pinggy-no-screen": "1",
} as const;

export interface DialOptions {
  readonly method: "GET" | "POST";
  readonly signal: AbortSignal;
  /** The URL is a foreign server's word: it may lead to the public internet only, not to what stands behind this machine's firewall. */
  readonly publicOnly: boolean;
}

/** One request on a connection of its own; redirects are not followed. Resolves with the answer's head, rejects with what the system says. */
export function dialPublic(url: URL, { method, signal, publicOnly }: DialOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (publicOnly && isIP(host) !== 0 && !isPublicAddress(host)) return reject(notPublic(host));
    const options: RequestOptions = {
      method,
      signal,
      agent: false,
      headers: { ...NO_WARNING_PAGE, accept: "*/*", ...(method === "POST" ? { "content-length": "0" } : {}) },
      // What is checked is what is connected to: the name is not looked up a second time.
      ...(publicOnly ? { lookup: lookupPublic } : {}),
    };
    const send = url.protocol === "https:" ? requestSecure : requestPlain;
    const request = send(url, options);
    request.once("response", resolve);
    request.once("error", reject);
    request.end();
  });
}

const lookupPublic: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, "");
    const foreign = addresses.find(({ address }) => !isPublicAddress(address));
    if (foreign) return done(notPublic(foreign.address), "");
    if (options.all) done(null, addresses);
    else done(null, addresses[0]!.address, addresses[0]!.family);
  });
};

function notPublic(address: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${address} is not an address of the public internet`), { code: "NOT_PUBLIC" });
}
