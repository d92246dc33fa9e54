import type { Protocol } from "../contract/event.ts";
import type { Refusal } from "../contract/errors.ts";
import type { SessionRegistry } from "../hub/ports.ts";
import type { IngressGuard } from "./ingress-guard.ts";

/** What somebody wanted to speak, by the first part of the path. */
const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  ws: "websocket",
  mqtt: "mqtt",
  sse: "sse",
  poll: "long-poll",
  "socket.io": "socket-io",
  publish: "http",
};

/** The guard, which also tells of those it turns away. */
export function createNotingGuard(guard: IngressGuard, sessions: Pick<SessionRegistry, "noteRefused">): IngressGuard {
  const note = (url: string | undefined, remoteAddress: string, refusal: Refusal): void => {
    const first = /^\/([^/?]*)/.exec(url ?? "")?.[1] ?? "";
    const protocol = PROTOCOLS[first] ?? "http";
    sessions.noteRefused({ name: remoteAddress, protocol, version: null, remoteAddress }, refusal);
  };
  return {
    check(request) {
      const refusal = guard.check(request);
      if (refusal) note(request.url, (request.socket.remoteAddress ?? "").replace(/^::ffff:/, ""), refusal);
      return refusal;
    },
    corsHeaders: (request) => guard.corsHeaders(request),
    async authenticate(request, remoteAddress) {
      const peer = await guard.authenticate(request, remoteAddress);
      if (!peer.ok) note(request.url, remoteAddress, peer.refusal);
      return peer;
    },
  };
}
