import type { Peer } from "../../access/permissions.ts";
import { refuse, type Result } from "../../contract/errors.ts";
import { isReservedTopic } from "../../contract/topic.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { ConnectPacket, Will } from "./wire/parse-connect.ts";

/** Who connects: a key's name is the user name, its secret the password. Refuses as `access` does, and CLIENT_ID_TAKEN. */
export async function authenticatePeer(
  { access, sessions }: Pick<GatewayContext, "access" | "sessions">,
  { username, password }: Pick<ConnectPacket, "username" | "password">,
  clientId: string,
  remoteAddress: string,
): Promise<Result<Peer>> {
  const secret = password?.toString("utf8") ?? null;
  const known = await access.authenticate({ secret, name: secret === null ? null : username, clientId, remoteAddress });
  if (!known.ok) return known;
  // Whoever has another key must not come into the subscriptions and events of this one's session.
  const owner = sessions.ownerOf(clientId) ?? null;
  if (owner === null || owner === known.value.key || !access.knows(owner)) return known;
  const message = `The client id "${clientId}" is used with the key "${owner}". Choose another client id, or end that session.`;
  return refuse("CLIENT_ID_TAKEN", message, { clientId });
}

/** A will that may not be published is not kept: the device is let in all the same. */
export function isWillAllowed(peer: Peer, { topic }: Will): boolean {
  return peer.mayPublish(topic) && !isReservedTopic(topic);
}
