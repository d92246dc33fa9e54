import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Access } from "../access/access.ts";
import type { Peer } from "../access/permissions.ts";
import { refuse, type Refusal, type Result } from "../contract/errors.ts";
import { isEncrypted } from "../platform/net.ts";
import { bearerOf, keyParamOf } from "./credentials.ts";

/** Whom the ingress answers on the paths a browser could be sent to. `/in/…` is for everybody and does not ask. */
export interface IngressGuard {
  /** Refuses HOST_REFUSED and ORIGIN_REFUSED. */
  check(request: IncomingMessage): Refusal | null;
  /** For answers to a page that may read them: flat, empty for everybody else. */
  corsHeaders(request: IncomingMessage): string[];
  /** By `Authorization: Bearer` or `?key=`. Refuses TOO_MANY_ATTEMPTS, KEY_REQUIRED, KEY_INVALID. */
  authenticate(request: IncomingMessage, remoteAddress: string): Promise<Result<Peer>>;
}

export interface IngressGuardOptions {
  readonly access: Access;
  /** `name` (any port) or `name:port`. */
  readonly allowHosts: readonly string[];
  /** As browsers write them, `https://app.example`; `null` stands for pages without one. */
  readonly allowOrigins: readonly string[];
}

export function createIngressGuard({ access, allowHosts, allowOrigins }: IngressGuardOptions): IngressGuard {
  const hosts = new Set(allowHosts.map((host) => host.toLowerCase()));
  const origins = new Set(allowOrigins.map((origin) => origin.toLowerCase().replace(/\/$/, "")));

  const allowsHost = (authority: string, defaultPort: number, { localAddress = "", localPort }: Socket): boolean => {
    const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(authority);
    if (!match) return false;
    const name = match[1]!.toLowerCase();
    const dialledPort = match[2] === undefined ? defaultPort : Number(match[2]);
    if (hosts.has(name) || hosts.has(`${name}:${dialledPort}`)) return true;
    // An address cannot be rebound, and that of the socket is ours; of names only localhost is.
    const own =
      name === "localhost" || name === "127.0.0.1" || name === "[::1]" || name.replace(/^\[|\]$/g, "") === plainAddress(localAddress);
    return own && dialledPort === localPort;
  };
  const allowsOrigin = (origin: string, socket: Socket): boolean => {
    if (origins.has(origin.toLowerCase())) return true;
    const match = /^(https?):\/\/([^/]+)$/i.exec(origin); // RFC 6454 §6.1
    return match !== null && allowsHost(match[2]!, match[1]!.toLowerCase() === "https" ? 443 : 80, socket);
  };

  return {
    check(request) {
      const { socket } = request;
      const host = request.headers.host ?? "";
      if (!allowsHost(host, isEncrypted(socket) ? 443 : 80, socket))
        return refuse(
          "HOST_REFUSED",
          `This listener does not answer for the host ${printable(host)}. Use its own address, or allow the name with --allow-hosts.`,
        ).refusal;
      for (const origin of valuesOf(request.rawHeaders, "origin"))
        if (!allowsOrigin(origin, socket))
          return refuse(
            "ORIGIN_REFUSED",
            `A web page from ${printable(origin)} may not use this hub. Allow it with --allow-origins if it is yours.`,
          ).refusal;
      return null;
    },
    corsHeaders(request) {
      const { origin } = request.headers;
      if (origin === undefined || !allowsOrigin(origin, request.socket)) return [];
      return ["Access-Control-Allow-Origin", origin, "Vary", "Origin"];
    },
    authenticate(request, remoteAddress) {
      const admitted = access.admit(remoteAddress);
      if (!admitted.ok) return Promise.resolve(admitted);
      return access.authenticate({ secret: bearerOf(request.headers.authorization) ?? keyParamOf(request.url ?? ""), remoteAddress });
    },
  };
}

/** An IPv4 address as a dual-stack socket shows it, plainly. */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
}

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name);
}

function printable(text: string): string {
  return text.slice(0, 100).replace(/[^\u0020-\u007e]/g, "?");
}
