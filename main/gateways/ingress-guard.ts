import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Access } from "../access/access.ts";
import type { Peer } from "../access/permissions.ts";
import { refuse, type Refusal, type Result } from "../contract/errors.ts";
import { createHostCheck, headerValues, isOwnOrigin, toPrintable } from "../net/host-names.ts";
import { authorityOf } from "../net/message-fault.ts";
import { isEncrypted } from "../platform/net.ts";
import { bearerOf, keyParamOf } from "./credentials.ts";
import type { TunnelSide } from "./tunnel-side.ts";

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
  /** It stands at the end of a tunnel: nobody is on this machine, and the tunnel's public host is its own. */
  readonly tunnel?: Pick<TunnelSide, "peerName" | "isOwnHost"> | null;
}

export function createIngressGuard({ access, allowHosts, allowOrigins, tunnel = null }: IngressGuardOptions): IngressGuard {
  const allowsHost = createHostCheck(allowHosts, tunnel?.isOwnHost);
  const origins = new Set(allowOrigins.map((origin) => origin.toLowerCase().replace(/\/$/, "")));

  const allowsOrigin = (origin: string, socket: Socket): boolean =>
    origins.has(origin.toLowerCase()) || isOwnOrigin(origin, socket, allowsHost);

  return {
    check(request) {
      const { socket } = request;
      const host = authorityOf(request.url ?? "") ?? request.headers.host ?? "";
      if (!allowsHost(host, isEncrypted(socket) ? 443 : 80, socket))
        return refuse(
          "HOST_REFUSED",
          `This listener does not answer for the host ${toPrintable(host)}. Use its own address, or allow the name with --allow-hosts.`,
        ).refusal;
      for (const origin of headerValues(request.rawHeaders, "origin"))
        if (!allowsOrigin(origin, socket))
          return refuse(
            "ORIGIN_REFUSED",
            `A web page from ${toPrintable(origin)} may not use this hub. Allow it with --allow-origins if it is yours.`,
          ).refusal;
      return null;
    },
    corsHeaders(request) {
      const { origin } = request.headers;
      if (origin === undefined || !allowsOrigin(origin, request.socket)) return [];
      return ["Access-Control-Allow-Origin", origin, "Vary", "Origin"];
    },
    authenticate(request, peerAddress) {
      const remoteAddress = tunnel?.peerName ?? peerAddress;
      const admitted = access.admit(remoteAddress);
      if (!admitted.ok) return Promise.resolve(admitted);
      return access.authenticate({ secret: bearerOf(request.headers.authorization) ?? keyParamOf(request.url ?? ""), remoteAddress });
    },
  };
}
