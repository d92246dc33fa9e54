import type { HandshakeRule } from "../handshake.ts";
import { readJson, textAt } from "../read-json.ts";
import { pinnedUrl } from "../certificate.ts";
import { failed } from "../verdict.ts";

/** Where a subscription is confirmed: Amazon's own host and nothing else, so that nobody has the hub visit what he likes. */
const SUBSCRIBE_URL = /^https:\/\/sns\.[a-zA-Z0-9-]{3,}\.amazonaws\.com(\.cn)?\/\?Action=ConfirmSubscription&[\x21-\x7e]{1,2000}$/;

/** SNS asks by a signed message, and counts a visit to its URL: https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html. */
export const snsSubscription: HandshakeRule = {
  name: "aws-sns-subscription",
  answer({ request, provider, verification }) {
    if (provider !== "aws-sns" || request.method !== "POST" || verification.verdict !== "verified") return null;
    const body = readJson(request);
    if (textAt(body, "Type") !== "SubscriptionConfirmation") return null;
    // Amazon signs for every customer: what is allowed is what the source names. verify() found the topic among them.
    if (verification.secretName === null) {
      const message = "The source names no topic yet. Add the topic's ARN as a secret, and have Amazon ask again.";
      return { name: this.name, refused: "HANDSHAKE_REFUSED", message, verification: failed("not-allowed", message) };
    }
    const visit = pinnedUrl(textAt(body, "SubscribeURL") ?? "", SUBSCRIBE_URL);
    if (visit === null) {
      const message = "The SubscribeURL is none of Amazon's, so it is not visited.";
      return { name: this.name, refused: "HANDSHAKE_REFUSED", message, verification };
    }
    return { name: this.name, status: 200, headers: [], body: "", verification, visit };
  },
};
