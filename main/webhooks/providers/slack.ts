import { hasHeader } from "../read-header.ts";
import { readForm } from "../read-form.ts";
import { readJson, textAt } from "../read-json.ts";
import { hmac } from "../hmac-scheme.ts";
import type { WebhookRequest } from "../provider.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";

const v0 = hmac({
  header: "X-Slack-Signature",
  prefix: "v0=",
  timestampHeader: "X-Slack-Request-Timestamp",
  template: "v0:{timestamp}:{body}",
});

export const slack = createSignedProvider(
  {
    id: "slack",
    name: "Slack",
    docs: "https://docs.slack.dev/authentication/verifying-requests-from-slack",
    secret: sharedSecret("Signing secret", "api.slack.com/apps → your app → Basic Information → App Credentials → Signing Secret."),
    covers: ["body", "time"],
    proven: true,
    evidence: "@slack/bolt 5.1.0; the example in Slack's documentation",
    toleranceMs: 300_000,
    budgetMs: 3000,
    detect: ({ headers }) => (hasHeader(headers, "X-Slack-Signature") ? "certain" : null),
    deliveryId: (request) =>
      textAt(readJson(request), "event_id") ?? readForm(request)?.get("trigger_id") ?? textAt(interaction(request), "trigger_id"),
    eventType: (request) => {
      const body = readJson(request);
      return (
        textAt(body, "event", "type") ?? textAt(body, "type") ?? readForm(request)?.get("command") ?? textAt(interaction(request), "type")
      );
    },
  },
  [v0],
);

/** Buttons and dialogs come as JSON in a form. */
function interaction(request: WebhookRequest): unknown {
  const payload = readForm(request)?.get("payload");
  return payload ? readJson({ body: Buffer.from(payload) }) : undefined;
}
