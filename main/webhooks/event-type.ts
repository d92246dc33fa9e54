import type { HeaderList } from "../contract/event.ts";

/** Headers in which senders say what kind of event this is, by the sender's documentation. The first that is there counts. */
const EVENT_TYPE_HEADERS = [
  "X-GitHub-Event", // GitHub; also Gitea, Forgejo and Gogs beside their own
  "X-Gitlab-Event",
  "X-Event-Key", // Bitbucket
  "X-Shopify-Topic",
  "Shopify-Topic", // Shopify's Events API
  "Linear-Event",
  "Sentry-Hook-Resource",
  "X-Amz-Sns-Message-Type",
  "ce-type", // CloudEvents, binary mode (HTTP binding §3.1.3)
  "X-WC-Webhook-Topic", // WooCommerce
  "X-Gitea-Event",
  "X-Gogs-Event",
  "X-Forgejo-Event",
  "X-Goog-Resource-State", // Google push notifications
  "X-Trello-Webhook-Event",
  "X-Atlassian-Webhook-Event",
  "X-Discourse-Event",
  "X-Pagerduty-Event",
  "X-Drone-Event",
  "X-Event-Type",
  "X-Webhook-Event",
] as const;

const rank = new Map<string, number>(EVENT_TYPE_HEADERS.map((name, index) => [name.toLowerCase(), index]));
/** Most headers are no candidates by their length alone, which spares lower-casing them. */
const lengths = new Set<number>(EVENT_TYPE_HEADERS.map((name) => name.length));

export const OTHER_EVENT_TYPE = "event";
const MAX_CHARS = 200;
const MAX_LEVELS = 16;

/** The event type a request's headers name, as the end of a topic; OTHER_EVENT_TYPE when they name none. */
export function eventTypeOf(headers: HeaderList): string {
  let best = Number.POSITIVE_INFINITY;
  let value = "";
  for (const header of headers) {
    if (!lengths.has(header[0].length)) continue;
    const found = rank.get(header[0].toLowerCase());
    if (found === undefined || found >= best) continue;
    best = found;
    value = header[1];
  }
  return value === "" ? OTHER_EVENT_TYPE : toTopicLevels(value);
}

/** Foreign text as topic levels: wildcards and control characters become `_`, spaces too; `/` goes on parting levels. */
export function toTopicLevels(text: string): string {
  const safe = text
    .trim()
    .slice(0, MAX_CHARS)
    .replace(/[+#\s\u0000-\u001f\u007f-\u009f]/g, "_");
  const levels = safe.split("/");
  const bounded =
    levels.length > MAX_LEVELS ? [...levels.slice(0, MAX_LEVELS - 1), levels.slice(MAX_LEVELS - 1).join("_")].join("/") : safe;
  return bounded === "" ? OTHER_EVENT_TYPE : bounded;
}
