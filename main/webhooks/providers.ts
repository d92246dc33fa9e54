import type { ProviderInfo } from "../contract/webhook-provider.ts";
import type { Provider } from "./provider.ts";
import { awsSns } from "./providers/aws-sns.ts";
import { bitbucket } from "./providers/bitbucket.ts";
import { calendly } from "./providers/calendly.ts";
import { discord } from "./providers/discord.ts";
import { dropbox } from "./providers/dropbox.ts";
import { github } from "./providers/github.ts";
import { gitlab, gitlabSigning } from "./providers/gitlab.ts";
import { hubspot } from "./providers/hubspot.ts";
import { intercom } from "./providers/intercom.ts";
import { jira } from "./providers/jira.ts";
import { linear } from "./providers/linear.ts";
import { mailgun } from "./providers/mailgun.ts";
import { meta } from "./providers/meta.ts";
import { microsoftGraph } from "./providers/microsoft-graph.ts";
import { paypal } from "./providers/paypal.ts";
import { sendgrid } from "./providers/sendgrid.ts";
import { sentry } from "./providers/sentry.ts";
import { shopify } from "./providers/shopify.ts";
import { slack } from "./providers/slack.ts";
import { square } from "./providers/square.ts";
import { standardWebhooks } from "./providers/standard-webhooks.ts";
import { stripe } from "./providers/stripe.ts";
import { twilio } from "./providers/twilio.ts";
import { typeform } from "./providers/typeform.ts";
import { x } from "./providers/x.ts";
import { zendesk } from "./providers/zendesk.ts";
import { zoom } from "./providers/zoom.ts";

/** Every provider that is known, by name. */
export const PROVIDERS: readonly Provider[] = [
  awsSns,
  bitbucket,
  calendly,
  discord,
  dropbox,
  github,
  gitlab,
  gitlabSigning,
  hubspot,
  intercom,
  jira,
  linear,
  mailgun,
  meta,
  microsoftGraph,
  paypal,
  sendgrid,
  sentry,
  shopify,
  slack,
  square,
  standardWebhooks,
  stripe,
  twilio,
  typeform,
  x,
  zendesk,
  zoom,
];

const byId = new Map(PROVIDERS.map((provider) => [provider.id, provider]));

export function findProvider(id: string): Provider | null {
  return byId.get(id) ?? null;
}

/** What a person or a program may know of a provider. */
export function toProviderInfo(provider: Provider): ProviderInfo {
  const { id, name, docs, covers, proven, evidence, toleranceMs, budgetMs, secret } = provider;
  const { kind, label, help, required } = secret;
  const canSign = provider.sign !== undefined;
  return { id, name, docs, covers, proven, evidence, toleranceMs, budgetMs, canSign, secret: { kind, label, help, required } };
}
