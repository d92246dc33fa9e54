import { createHmac } from "node:crypto";
import type { HandshakeRule } from "../handshake.ts";
import { readJson, textAt } from "../read-json.ts";
import { isTokenSafeToSign } from "./safe-token.ts";

/** Zoom asks when an address is entered and every 72 hours: https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint. */
export const zoomUrlValidation: HandshakeRule = {
  name: "zoom-url-validation",
  answer({ request, provider, secrets, verification }) {
    if (provider !== "zoom" || request.method !== "POST") return null;
    const body = readJson(request);
    if (textAt(body, "event") !== "endpoint.url_validation") return null;
    const plainToken = textAt(body, "payload", "plainToken");
    const secret = secrets.find(({ name }) => name === verification.secretName) ?? secrets[0];
    if (plainToken === null || secret === undefined) return null;
    // The key also signs webhooks, over `v0:<time>:<body>`: a token like that would be signed for a stranger.
    if (!isTokenSafeToSign(plainToken)) {
      const message = "The plainToken of this validation is none of Zoom's: to sign it could sign a webhook.";
      return { name: this.name, refused: "HANDSHAKE_REFUSED", message, verification };
    }
    const encryptedToken = createHmac("sha256", secret.value).update(plainToken).digest("hex");
    const headers = [["Content-Type", "application/json"]] as const;
    return { name: this.name, status: 200, headers, body: JSON.stringify({ plainToken, encryptedToken }), verification };
  },
};
