import type { IncomingMessage } from "node:http";
import type { Refusal } from "../../contract/errors.ts";
import { headerValues, isOwnOrigin, plainAddress, toPrintable, type HostCheck } from "../../net/host-names.ts";
import { authorityOf, messageFault } from "../../net/message-fault.ts";
import { isLoopback } from "../../platform/net.ts";

/**
 * Refuses what may be read in two ways, and what a foreign web page could have caused: requests under another host's name
 * (DNS rebinding), and writes and WebSockets from a foreign origin. Null when the request may pass. Looks at nothing but
 * the head.
 */
export function guardRequest(request: IncomingMessage, allowsHost: HostCheck): Refusal | null {
  const { socket, rawHeaders } = request;
  const hosts = headerValues(rawHeaders, "host");
  const codings = headerValues(rawHeaders, "transfer-encoding");
  const malformed = messageFault(request, {
    host: hosts[0] ?? null,
    hosts: hosts.length,
    transferEncoding: codings.length === 0 ? null : codings.join(", "),
  });
  if (malformed) return malformed;
  const host = hostOf(request);
  if (!allowsHost(host, 80, socket)) {
    const message = `This inspector does not answer for the host ${toPrintable(host)}. Use its own address, or allow the name with --allow-hosts.`;
    return { code: "HOST_REFUSED", message };
  }

  const isUpgrade = request.headers.upgrade !== undefined;
  const isRead = !isUpgrade && (request.method === "GET" || request.method === "HEAD");
  const isVisit = isRead && request.headers["sec-fetch-mode"] === "navigate";
  // A person may follow a link to a page; nothing else is for other sites.
  if (request.headers["sec-fetch-site"] === "cross-site" && !isVisit) return foreignPage("another site");
  if (isRead) return null;
  const foreign = headerValues(rawHeaders, "origin").find((origin) => !isOwnOrigin(origin, socket, allowsHost));
  return foreign === undefined ? null : foreignPage(toPrintable(foreign));
}

/** The authority that was dialled, by the target or else by Host. */
export function hostOf(request: IncomingMessage): string {
  return authorityOf(request.url ?? "") ?? request.headers.host ?? "";
}

/** Did the request come from this machine, by a name of this machine? A proxy forwards other names. */
export function isLocal(request: IncomingMessage): boolean {
  const name = hostOf(request)
    .replace(/:\d+$/, "")
    .replace(/^\[|\]$/g, "");
  return isLoopback(plainAddress(request.socket.remoteAddress ?? "")) && isLoopback(name);
}

function foreignPage(origin: string): Refusal {
  return {
    code: "ORIGIN_REFUSED",
    message: `A web page from ${origin} may not do that here. Use the inspector's own pages, or no browser.`,
  };
}
