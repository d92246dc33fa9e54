import { findHeader, hasHeader } from "../read-header.ts";
import type { Provider, WebhookRequest } from "../provider.ts";
import { standardWebhooksScheme } from "../standard-webhooks-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";
import { createTokenVerifier } from "../token.ts";

const isSigned = ({ headers }: WebhookRequest): boolean => hasHeader(headers, "webhook-signature");
const isGitlab = ({ headers }: WebhookRequest): boolean => hasHeader(headers, "X-Gitlab-Event");

const shared = {
  docs: "https://docs.gitlab.com/user/project/integrations/webhooks/",
  budgetMs: 10_000,
  // X-Gitlab-Webhook-UUID names the hook, not the delivery.
  deliveryId: ({ headers }) =>
    findHeader(headers, "webhook-id") ?? findHeader(headers, "Idempotency-Key") ?? findHeader(headers, "X-Gitlab-Event-UUID"),
  eventType: ({ headers }) => findHeader(headers, "X-Gitlab-Event"),
} as const satisfies Partial<Provider>;

/** The token goes with each request as it is: it proves who sent it, not what. */
export const gitlab: Provider = {
  ...shared,
  id: "gitlab",
  name: "GitLab (secret token)",
  secret: { ...sharedSecret("Secret token", "Project or group → Settings → Webhooks → Secret token."), kind: "token" },
  covers: [],
  proven: false,
  evidence: "GitLab's documentation; a plain comparison",
  toleranceMs: null,
  detect: (request) => (isGitlab(request) && !isSigned(request) ? "certain" : null),
  ...createTokenVerifier({ kind: "token", in: "header", name: "X-Gitlab-Token" }),
};

/** Standard Webhooks, which newer GitLabs recommend over the token. */
export const gitlabSigning = createSignedProvider(
  {
    ...shared,
    id: "gitlab-signing",
    name: "GitLab (signing token)",
    secret: sharedSecret("Signing token", "Project or group → Settings → Webhooks → Signing token (whsec_…), from GitLab 19 on."),
    covers: ["body", "time", "id"],
    proven: true,
    evidence: "GitLab's documentation; standardwebhooks 1.1.1",
    toleranceMs: 300_000,
    detect: (request) => (isGitlab(request) && isSigned(request) ? "certain" : null),
  },
  [standardWebhooksScheme("webhook")],
);
