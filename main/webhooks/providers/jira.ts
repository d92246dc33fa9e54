import { findHeader, hasHeader } from "../read-header.ts";
import { readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import type { Provider } from "../provider.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";
import { unverifiable } from "../verdict.ts";

const header = "X-Hub-Signature";

const signed = createSignedProvider(
  {
    id: "jira",
    name: "Jira Cloud",
    docs: "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
    secret: sharedSecret("Secret", "Jira → Settings → System → WebHooks → Secret. Without one Jira does not sign."),
    covers: ["body"],
    proven: true,
    evidence: "@octokit/webhooks-methods 6.0.0, whose format it is; third parties for Jira's use of it",
    toleranceMs: null,
    budgetMs: null,
    detect: ({ headers }) => (hasHeader(headers, "X-Atlassian-Webhook-Identifier") ? "certain" : null),
    deliveryId: ({ headers }) => findHeader(headers, "X-Atlassian-Webhook-Identifier"),
    eventType: (request) => textAt(readJson(request), "webhookEvent"),
  },
  [hmac({ header, prefix: "sha256=" })],
);

/** Connect apps get a JWT instead, which says who sent the request and nothing of its body. */
export const jira: Provider = {
  ...signed,
  verify: (request, secrets, context) =>
    !hasHeader(request.headers, header) && /^JWT /i.test(findHeader(request.headers, "Authorization") ?? "")
      ? unverifiable(
          "unsupported",
          "Jira sent this to a Connect app, with a JWT in place of a signature. Only signatures are verified here.",
        )
      : signed.verify(request, secrets, context),
};
