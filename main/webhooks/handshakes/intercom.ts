import type { HandshakeRule } from "../handshake.ts";
import { readJson, textAt } from "../read-json.ts";

/** Intercom sends a notification that is none when an address is entered: https://developers.intercom.com/docs/webhooks/webhook-notifications. */
export const intercomPing: HandshakeRule = {
  name: "intercom-ping",
  answer({ request, provider, verification }) {
    if (provider !== "intercom" || request.method !== "POST") return null;
    const body = readJson(request);
    if (textAt(body, "type") !== "notification_event" || textAt(body, "topic") !== "ping") return null;
    return { name: this.name, status: 200, headers: [], body: "", verification };
  },
};
