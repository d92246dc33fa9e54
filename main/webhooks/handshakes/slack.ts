import { echo, type HandshakeRule } from "../handshake.ts";
import { readJson, textAt } from "../read-json.ts";

/** Slack asks once, signed, when an address is entered: https://docs.slack.dev/reference/events/url_verification. */
export const slackUrlVerification: HandshakeRule = {
  name: "slack-url-verification",
  answer({ request, provider, verification }) {
    if (request.method !== "POST" || (provider !== "slack" && provider !== null)) return null;
    const body = readJson(request);
    const challenge = textAt(body, "challenge");
    if (textAt(body, "type") !== "url_verification" || challenge === null) return null;
    return echo(this.name, challenge, verification);
  },
};
