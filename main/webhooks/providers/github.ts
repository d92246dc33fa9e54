import { findHeader, hasHeader } from "../read-header.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const sha256 = hmac({ header: "X-Hub-Signature-256", prefix: "sha256=" });
/** Old GitHub Enterprise Servers sign by SHA-1 alone. */
const sha1 = hmac({ header: "X-Hub-Signature", prefix: "sha1=", algorithm: "sha1" });

/** They send GitHub's headers beside their own. */
const IMITATORS = ["X-Gitea-Event", "X-Forgejo-Event", "X-Gogs-Event"];

export const github = createSignedProvider(
  {
    id: "github",
    name: "GitHub",
    docs: "https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries",
    secret: sharedSecret("Secret", "Repository, organization or app → Settings → Webhooks → Secret. Without one GitHub does not sign."),
    covers: ["body"],
    proven: true,
    evidence: "@octokit/webhooks-methods 6.0.0; the example in GitHub's documentation",
    toleranceMs: null,
    budgetMs: 10_000,
    detect: ({ headers }) =>
      hasHeader(headers, "X-GitHub-Event") && !IMITATORS.some((name) => hasHeader(headers, name)) ? "certain" : null,
    deliveryId: ({ headers }) => findHeader(headers, "X-GitHub-Delivery"),
    eventType: ({ headers }) => findHeader(headers, "X-GitHub-Event"),
  },
  [sha256, sha1],
);
