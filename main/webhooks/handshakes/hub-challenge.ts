import { CUSTOM_PROVIDER } from "../../contract/source.ts";
import { echo, type HandshakeRule } from "../handshake.ts";
import { onlyParam, readQuery } from "../read-query.ts";
import { isSameText } from "../signing-key.ts";
import { failed, verified } from "../verdict.ts";

/**
 * Meta's verification and WebSub's of intent (W3C WebSub §5.3): the agreed word is Meta's verify token, and where there is
 * none the topic that was subscribed to. Without such a word anybody could have the hub consent to anything.
 */
export const hubChallenge: HandshakeRule = {
  name: "hub-challenge",
  answer({ request, provider, words }) {
    if ((provider !== "meta" && provider !== CUSTOM_PROVIDER) || request.method !== "GET") return null;
    const query = readQuery(request);
    const challenge = onlyParam(query, "hub.challenge");
    const mode = onlyParam(query, "hub.mode");
    const word = onlyParam(query, "hub.verify_token") ?? onlyParam(query, "hub.topic");
    if (challenge === null || word === null || (mode !== "subscribe" && mode !== "unsubscribe")) return null;
    const agreed = words.find(({ value }) => isSameText(value, word));
    if (agreed) return echo(this.name, challenge, verified(agreed.name, null));
    const message =
      words.length === 0
        ? "The source has no verify token yet. Add it as a secret for handshakes, and have the provider ask again."
        : "The verify token is not the one of this source.";
    return { name: this.name, refused: "HANDSHAKE_REFUSED", message, verification: failed("wrong-secret", message) };
  },
};
