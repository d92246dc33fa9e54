import type { Handshake, HandshakeRule } from "../handshake.ts";
import { at, readJson } from "../read-json.ts";

/**
 * Discord asks when an address is entered, and now and then sends a wrong signature, to see that it is answered 401, whatever
 * the mode: https://discord.com/developers/docs/events/webhook-events#preparing-for-events,
 * https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint.
 */
export const discordPing: HandshakeRule = {
  name: "discord-ping",
  answer({ request, provider, verification }): Handshake | null {
    if (provider !== "discord" || request.method !== "POST") return null;
    if (verification.verdict === "failed") {
      return {
        name: this.name,
        refused: "VERIFICATION_FAILED",
        message: "The signature is not Discord's over this request.",
        verification,
      };
    }
    const body = readJson(request);
    const type = at(body, "type");
    // Of webhook events 0 is the ping; of interactions 1, and there webhook events have their event.
    if (type === 0) return { name: this.name, status: 204, headers: [], body: "", verification };
    if (type !== 1 || at(body, "event") !== undefined) return null;
    return { name: this.name, status: 200, headers: [["Content-Type", "application/json"]], body: '{"type":1}', verification };
  },
};
