import type { PeerDescription, SessionEntry } from "../../hub/ports.ts";
import type { Connection } from "./connection.ts";
import type { ConnectPacket } from "./wire/parse-connect.ts";
import { REASON } from "./wire/reason-code.ts";

/** Protocol levels (§3.1.2.2) by the names people know them by. */
const VERSIONS = { 3: "3.1", 4: "3.1.1", 5: "5" } as const;

/** Says that the connection is open, to whoever looks at who is connected. */
export function registerConnection(connection: Connection, connect: ConnectPacket): SessionEntry {
  return connection.context.hub.sessions.add({
    describe: () => describe(connection, connect),
    disconnect: () => connection.close(REASON.administrativeAction),
  });
}

function describe(connection: Connection, { level, will }: ConnectPacket): PeerDescription {
  const { session } = connection;
  return {
    name: connection.clientId,
    protocol: "mqtt",
    version: VERSIONS[level],
    remoteAddress: connection.remoteAddress,
    key: connection.peer.key,
    queuedEvents: session?.queued ?? 0,
    queuedBytes: connection.outbox.bytes,
    subscriptions: session?.subscriptions.keys() ?? [],
    subscriptionCount: session?.subscriptions.size ?? 0,
    will: will && { topic: will.topic, qos: will.qos, retain: will.retain, sizeBytes: will.payload.length },
  };
}
