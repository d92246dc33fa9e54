import { findHeader, hasHeader } from "../read-header.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

export const bitbucket = createSignedProvider(
  {
    id: "bitbucket",
    name: "Bitbucket",
    docs: "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
    secret: sharedSecret("Secret", "Repository or project settings → Webhooks → Secret. Without one Bitbucket does not sign."),
    covers: ["body"],
    proven: true,
    evidence: "@octokit/webhooks-methods 6.0.0, whose format it is; Atlassian's documentation",
    toleranceMs: null,
    budgetMs: 10_000,
    detect: ({ headers }) => {
      if (!hasHeader(headers, "X-Event-Key")) return null;
      return ["X-Hook-UUID", "X-Hub-Signature", "X-Request-UUID", "X-Request-Id"].some((name) => hasHeader(headers, name))
        ? "certain"
        : "likely";
    },
    // Cloud, then Data Center.
    deliveryId: ({ headers }) => findHeader(headers, "X-Request-UUID") ?? findHeader(headers, "X-Request-Id"),
    eventType: ({ headers }) => findHeader(headers, "X-Event-Key"),
  },
  [hmac({ header: "X-Hub-Signature", prefix: "sha256=" })],
);
