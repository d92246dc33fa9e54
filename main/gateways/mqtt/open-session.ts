import { AliasesOut } from "./aliases-out.ts";
import { isWillAllowed } from "./authenticate-peer.ts";
import type { Connection } from "./connection.ts";
import { connackPropertiesFor, sessionExpiryOf } from "./negotiate.ts";
import { versionOf } from "./register-connection.ts";
import type { Session } from "./session.ts";
import { encodeConnack } from "./wire/encode.ts";
import type { ConnectPacket } from "./wire/parse-connect.ts";
import type { OpenWill } from "./wills.ts";

/** What a peer that has been let in goes on with. */
export interface OpenedSession {
  readonly session: Session;
  readonly will: OpenWill | null;
  readonly connack: Buffer;
  /** MQTT 5: what the peer takes. */
  readonly receiveMaximum: number;
  readonly maximumPacketBytes: number;
  readonly aliasesOut: AliasesOut | null;
}

/** Opens the session of a peer that may come in, keeps its will, and says in CONNACK what is granted. */
export function openSession({ context, peer, clientId, remoteAddress, v5 }: Connection, connect: ConnectPacket): OpenedSession {
  const { sessions, wills, limits, logger } = context;
  const who = { key: peer.key, version: versionOf(connect), remoteAddress };
  const { session, present } = sessions.open(clientId, connect.clean, sessionExpiryOf(connect, limits), who);
  const isAllowed = connect.will === null || isWillAllowed(peer, connect.will);
  if (!isAllowed) logger.warn("A peer's will is on a topic it may not publish to, and is not kept.", { clientId });
  const will = wills.open(clientId, isAllowed ? connect.will : null, present);
  const { receiveMaximum = 65_535, maximumPacketBytes = Number.POSITIVE_INFINITY, topicAliasMaximum = 0 } = connect.properties;
  const aliases = Math.min(topicAliasMaximum, limits.topicAliasMaximum);
  const granted = connackPropertiesFor(connect, clientId, session.expirySeconds, limits);
  // 3.1 has no session present: the byte is reserved.
  const connack = encodeConnack(v5, present && connect.level > 3, 0, granted);
  return { session, will, connack, receiveMaximum, maximumPacketBytes, aliasesOut: aliases > 0 ? new AliasesOut(aliases) : null };
}
