import { createHmac } from "node:crypto";
import type { HandshakeRule } from "../handshake.ts";
import { onlyParam, readQuery } from "../read-query.ts";
import { UNSIGNED } from "../verdict.ts";
import { isTokenSafeToSign } from "./safe-token.ts";

/** X asks when an address is entered and every hour: https://docs.x.com/x-api/webhooks/introduction (challenge-response check). */
export const xCrc: HandshakeRule = {
  name: "x-crc",
  answer({ request, provider, secrets }) {
    if (provider !== "x" || request.method !== "GET") return null;
    const token = onlyParam(readQuery(request), "crc_token");
    const [secret] = secrets;
    if (token === null || secret === undefined) return null;
    // The key also signs webhooks, over their body: a token like a body would be signed for a stranger.
    if (!isTokenSafeToSign(token)) {
      const message = "The crc_token of this check is none of X's: to sign it could sign a webhook.";
      return { name: this.name, refused: "HANDSHAKE_REFUSED", message, verification: UNSIGNED };
    }
    const hash = createHmac("sha256", secret.value).update(token).digest("base64");
    const headers = [["Content-Type", "application/json"]] as const;
    return {
      name: this.name,
      status: 200,
      headers,
      body: JSON.stringify({ response_token: `sha256=${hash}` }),
      verification: UNSIGNED,
    };
  },
};
