import { hasHeader } from "../read-header.ts";
import { hmac } from "../hmac-scheme.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const header = "X-Dropbox-Signature";

export const dropbox = createSignedProvider(
  {
    id: "dropbox",
    name: "Dropbox",
    docs: "https://www.dropbox.com/developers/reference/webhooks",
    secret: sharedSecret("App secret", "dropbox.com/developers/apps → your app → Settings → App secret."),
    covers: ["body"],
    proven: false,
    evidence: "third parties citing Dropbox's documentation",
    toleranceMs: null,
    budgetMs: 10_000,
    detect: ({ headers }) => (hasHeader(headers, header) ? "certain" : null),
    // It says whose files changed, not what: two that are the same are two changes.
    deliveryId: () => null,
    eventType: () => null,
  },
  [hmac({ header })],
);
