import type { IncomingMessage } from "node:http";
import type { Refusal } from "../../contract/errors.ts";
import { authorityOf, messageFault } from "../../net/message-fault.ts";
import { isLoopback } from "../../platform/net.ts";

/** Whom the inspector answers for: its own loopback names and the address dialled, with its port; and what is allowed by name. */
export interface GuardOptions {
  readonly port: number;
  /** `name` (any port) or `name:port`. */
  readonly allowHosts: readonly string[];
}

/**
 * Refuses what a foreign web page could have caused: requests under another host's name (DNS rebinding), and writes and
 * WebSockets from a foreign origin. Null when the request may pass. Looks at nothing but the head.
 */
export function guardRequest(request: IncomingMessage, options: GuardOptions): Refusal | null {
  const dialled = request.socket.localAddress ?? "";
  const allows = (authority: string, defaultPort: number): boolean => allowsHost(authority, defaultPort, dialled, options);

  const [first, ...others] = valuesOf(request.rawHeaders, "host");
  const codings = valuesOf(request.rawHeaders, "transfer-encoding");
  const malformed = messageFault(request, {
    host: first ?? null,
    hosts: first === undefined ? 0 : 1 + others.length,
    transferEncoding: codings.length === 0 ? null : codings.join(", "),
  });
  if (malformed) return malformed;
  const host = authorityOf(request.url ?? "") ?? first ?? "";
  if (!allows(host, 80)) {
    const message = `This inspector does not answer for the host ${printable(host)}. Use its own address, or allow the name with --allow-hosts.`;
    return { code: "HOST_REFUSED", message };
  }

  const isUpgrade = request.headers.upgrade !== undefined;
  const isRead = !isUpgrade && (request.method === "GET" || request.method === "HEAD");
  const isVisit = isRead && request.headers["sec-fetch-mode"] === "navigate";
  // A person may follow a link to a page; nothing else is for other sites.
  if (request.headers["sec-fetch-site"] === "cross-site" && !isVisit) return foreignPage("another site");
  if (isRead) return null;
  const origins = valuesOf(request.rawHeaders, "origin");
  const foreign = origins.find((origin) => !allowsOrigin(origin, allows));
  return foreign === undefined ? null : foreignPage(printable(foreign));
}

function foreignPage(origin: string): Refusal {
  return {
    code: "ORIGIN_REFUSED",
    message: `A web page from ${origin} may not do that here. Use the inspector's own pages, or no browser.`,
  };
}

/** RFC 6454 §6.1: scheme, host and port; or `null`, which is nobody we know. */
function allowsOrigin(origin: string, allows: (authority: string, defaultPort: number) => boolean): boolean {
  const match = /^(https?):\/\/([^/]+)$/i.exec(origin);
  return match !== null && allows(match[2]!, match[1]!.toLowerCase() === "https" ? 443 : 80);
}

function allowsHost(authority: string, defaultPort: number, dialled: string, options: GuardOptions): boolean {
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(authority);
  if (!match) return false;
  const name = match[1]!.toLowerCase();
  const port = match[2] === undefined ? defaultPort : Number(match[2]);
  if (options.allowHosts.some((allowed) => allowed.toLowerCase() === name || allowed.toLowerCase() === `${name}:${port}`)) return true;
  // An address cannot be rebound, and that of the socket is ours; of names only localhost is.
  const own = name === "localhost" || name === "127.0.0.1" || name === "[::1]" || name.replace(/^\[|\]$/g, "") === plainAddress(dialled);
  return own && port === options.port;
}

/** An IPv4 address as a dual-stack socket shows it, plainly. */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}

/** Did the request come from this machine, by a name of this machine? A proxy forwards other names. */
export function isLocal(request: IncomingMessage): boolean {
  const name = (request.headers.host ?? "").replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  return isLoopback(plainAddress(request.socket.remoteAddress ?? "")) && isLoopback(name);
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name);
}

function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\u0020-\u007e]/g, "?");
}
