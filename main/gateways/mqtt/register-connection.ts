import type { Refusal } from "../../contract/errors.ts";
import type { SessionWill } from "../../contract/session.ts";
import type { PeerDescription, SessionEntry } from "../../hub/ports.ts";
import type { Connection } from "./connection.ts";
import type { ConnectPacket, Will } from "./wire/parse-connect.ts";
import { REASON, type ReasonCode } from "./wire/reason-code.ts";

/** Protocol levels (§3.1.2.2) by the names people know them by. */
const VERSIONS = { 3: "3.1", 4: "3.1.1", 5: "5" } as const;

/** Says that the connection is open, to whoever looks at who is connected. */
export function registerConnection(connection: Connection, connect: ConnectPacket): SessionEntry {
  // The key may have been revoked while its session was opened.
  if (!connection.peer.isGood()) queueMicrotask(() => connection.close(REASON.notAuthorized));
  return connection.context.hub.sessions.add({
    describe: () => describe(connection, connect),
    disconnect: ({ code }) => connection.close(code === "KEY_INVALID" ? REASON.notAuthorized : REASON.administrativeAction),
  });
}

/** Says that somebody was not let in. */
export function noteRefused({ context, clientId, remoteAddress }: Connection, connect: ConnectPacket, refusal: Refusal): void {
  context.hub.sessions.noteRefused({ name: clientId, protocol: "mqtt", version: versionOf(connect), remoteAddress }, refusal);
}

/** Why the hub ended a connection, for whoever looks at who came and went. */
export function wordsFor(reason: ReasonCode): string {
  switch (reason) {
    case REASON.keepAliveTimeout:
      return "nothing was heard from it within its keep-alive";
    case REASON.administrativeAction:
      return "it was disconnected from the inspector";
    case REASON.notAuthorized:
      return "its key is no longer good";
    case REASON.serverShuttingDown:
      return "the hub or its listener stopped";
    case REASON.quotaExceeded:
      return "it has more waiting than is allowed";
    default:
      return "the hub ended it";
  }
}

export function toSessionWill({ topic, qos, retain, payload }: Will): SessionWill {
  return { topic, qos, retain, sizeBytes: payload.length };
}

export function versionOf({ level }: ConnectPacket): string {
  return VERSIONS[level];
}

function describe(connection: Connection, connect: ConnectPacket): PeerDescription {
  const { session } = connection;
  const { will } = connect;
  return {
    name: connection.clientId,
    protocol: "mqtt",
    version: versionOf(connect),
    remoteAddress: connection.remoteAddress,
    key: connection.peer.key,
    queuedEvents: session?.queued ?? 0,
    queuedBytes: connection.outbox.waitingBytes,
    subscriptions: session?.subscriptions.keys() ?? [],
    subscriptionCount: session?.subscriptions.size ?? 0,
    will: will && toSessionWill(will),
  };
}
