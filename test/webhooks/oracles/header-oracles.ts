import type { WebhookRequest } from "../../../main/webhooks/provider.ts";
import { type Judge, type Oracle, headerOf, load, loadFile, loadModule, passes, textOf, toRecord } from "./oracle.ts";
import { jsonRequest, randomText } from "./random-request.ts";

const FUTURE = { onlyAcceptedBy: "vendor", why: "it takes any time in the future" } as const;
const ANY_TIME = { onlyAcceptedBy: "vendor", why: "it does not look at the time, which is signed" } as const;
const LOOSE_NUMBER = { onlyAcceptedBy: "vendor", why: "it reads the time as a number and signs that, not what is written" } as const;
const LOOSE_SPLIT = { onlyAcceptedBy: "vendor", why: "it splits at the separator and takes the second part" } as const;

interface Octokit {
  readonly verify: (secret: string, body: string, signature: string) => Promise<boolean>;
}

/** Of GitHub's own format, which others use under other headers. */
function likeGithub(provider: string, header: string): Oracle {
  return {
    provider,
    sdk: "@octokit/webhooks-methods 6.0.0",
    header,
    prefix: "sha256=",
    secret: (random) => randomText(random, 20),
    request: (random) => jsonRequest(random, { action: "opened" }),
    differences: {},
    async open(): Promise<Judge> {
      const { verify } = (await loadModule("@octokit/webhooks-methods/dist-node/index.js")) as Octokit;
      return async (request, secret) => {
        try {
          return await verify(secret, textOf(request), headerOf(request, header));
        } catch {
          return false;
        }
      };
    },
  };
}

interface Stripe {
  readonly webhooks: {
    readonly signature: {
      verifyHeader(body: Buffer, header: string, secret: string, toleranceS: number, crypto: undefined, now: number): boolean;
    };
  };
}

function likeStripe(provider: string, header: string): Oracle {
  return {
    provider,
    sdk: "stripe 23.1.0",
    header,
    prefix: "v1=",
    separator: ",",
    secret: (random) => `whsec_${randomText(random, 32)}`,
    request: (random) => jsonRequest(random, { id: "evt_1", object: "event", type: "charge.succeeded" }),
    differences: {
      "a day early": FUTURE,
      "a zero before the time": LOOSE_NUMBER,
      "a letter behind the time": LOOSE_NUMBER,
      "more behind a second separator": LOOSE_SPLIT,
    },
    open: () => {
      const { webhooks } = new (load("stripe") as new (key: string) => Stripe)("sk_test_1");
      return Promise.resolve((request, secret, now) =>
        passes(() => webhooks.signature.verifyHeader(Buffer.from(request.body), headerOf(request, header), secret, 300, undefined, now)),
      );
    },
  };
}

interface Standard {
  verify(body: Buffer, headers: Record<string, string>): unknown;
}

function likeStandard(provider: string, sdk: string, name: "webhook" | "svix", specifier: string): Oracle {
  return {
    provider,
    sdk,
    header: `${name}-signature`,
    time: { header: `${name}-timestamp`, unitMs: 1000 },
    prefix: "v1,",
    separator: " ",
    secret: (random) => `whsec_${Buffer.from(randomText(random, 24)).toString("base64")}`,
    // The scheme is picked by the header that is there.
    request: (random) =>
      jsonRequest(random, { type: "invoice.paid" }, [
        [`${name}-signature`, "v1,x"],
        [`${name}-id`, `msg_${randomText(random, 20)}`],
      ]),
    differences: {
      "a zero before the time": LOOSE_NUMBER,
      "a letter behind the time": LOOSE_NUMBER,
      "more behind a second separator": LOOSE_SPLIT,
    },
    open: () => {
      const { Webhook } = load(specifier) as { Webhook: new (secret: string) => Standard };
      return Promise.resolve((request, secret) =>
        passes(() => new Webhook(secret).verify(Buffer.from(request.body), toRecord(request.headers))),
      );
    },
  };
}

const slack: Oracle = {
  provider: "slack",
  sdk: "@slack/bolt 5.1.0",
  header: "X-Slack-Signature",
  time: { header: "X-Slack-Request-Timestamp", unitMs: 1000 },
  prefix: "v0=",
  secret: (random) => randomText(random, 32),
  request: (random) => jsonRequest(random, { type: "event_callback", event_id: "Ev1" }),
  differences: { "a day early": FUTURE, "more behind a second separator": LOOSE_SPLIT, "a zero before the time": LOOSE_NUMBER },
  open: () => {
    const { verifySlackRequest } = load("@slack/bolt/dist/receivers/verify-request") as { verifySlackRequest: (options: object) => void };
    return Promise.resolve((request, signingSecret, nowMilliseconds) =>
      passes(() => {
        // Bolt hands the header on as the number it is.
        const headers = {
          ...toRecord(request.headers),
          "x-slack-request-timestamp": Number(headerOf(request, "X-Slack-Request-Timestamp")),
        };
        verifySlackRequest({ signingSecret, body: textOf(request), headers, nowMilliseconds });
      }),
    );
  },
};

function shopify(prefix: "x-" | ""): Oracle {
  const header = `${prefix}shopify-hmac-sha256`;
  return {
    provider: "shopify",
    sdk: `@shopify/shopify-api 13.1.0 (${prefix === "" ? "Events" : "Webhooks"})`,
    header,
    prefix: "",
    secret: (random) => randomText(random, 32),
    request: (random) =>
      jsonRequest(random, { id: 1 }, [
        [header, "x"],
        [`${prefix}shopify-topic`, "orders/create"],
        [`${prefix}shopify-shop-domain`, "shop.myshopify.com"],
        [`${prefix}shopify-api-version`, "2026-01"],
        [`${prefix}shopify-webhook-id`, "b54557e4"],
        [`${prefix}shopify-event-id`, "98880550"],
      ]),
    differences: {},
    async open() {
      await loadModule("@shopify/shopify-api/dist/cjs/adapters/node/index.js");
      const { shopifyApi } = load("@shopify/shopify-api") as {
        shopifyApi: (config: object) => { webhooks: { validate(request: object): Promise<{ valid: boolean }> } };
      };
      const shops = new Map<string, ReturnType<typeof shopifyApi>>();
      return async (request, apiSecretKey) => {
        const quiet = { log: () => {}, level: 0, httpRequests: false, timestamps: false };
        const config = {
          apiKey: "k",
          apiSecretKey,
          scopes: ["a"],
          hostName: "h.example.com",
          apiVersion: "2026-01",
          isEmbeddedApp: false,
          logger: quiet,
        };
        const shop = shops.get(apiSecretKey) ?? shopifyApi(config);
        shops.set(apiSecretKey, shop);
        const rawRequest = { method: "POST", url: "/", headers: toRecord(request.headers) };
        return (await shop.webhooks.validate({ rawBody: textOf(request), rawRequest, rawResponse: {} })).valid;
      };
    },
  };
}

const square: Oracle = {
  provider: "square",
  sdk: "square 46.0.0",
  header: "x-square-hmacsha256-signature",
  prefix: "",
  signsUrl: true,
  secret: (random) => randomText(random, 22),
  request: (random) => jsonRequest(random, { event_id: "6a8f5f28", type: "payment.updated" }),
  differences: {},
  open: () => {
    const { WebhooksHelper } = loadFile("square/wrapper/WebhooksHelper.js") as {
      WebhooksHelper: { verifySignature(options: object): Promise<boolean> };
    };
    return Promise.resolve((request, signatureKey) =>
      WebhooksHelper.verifySignature({
        requestBody: textOf(request),
        signatureHeader: headerOf(request, "x-square-hmacsha256-signature"),
        signatureKey,
        notificationUrl: request.url,
      }),
    );
  },
};

const linear: Oracle = {
  provider: "linear",
  sdk: "@linear/sdk 98.0.0",
  header: "Linear-Signature",
  prefix: "",
  toleranceMs: 60_000,
  secret: (random) => `lin_wh_${randomText(random, 20)}`,
  request: (random, now) => jsonRequest(random, { webhookTimestamp: now, type: "Issue" }),
  differences: {},
  open: () => {
    const { LinearWebhookClient } = load("@linear/sdk/webhooks") as {
      LinearWebhookClient: new (secret: string) => { verify(body: Buffer, signature: string): boolean };
    };
    return Promise.resolve((request, secret) =>
      passes(() => new LinearWebhookClient(secret).verify(Buffer.from(request.body), headerOf(request, "Linear-Signature"))),
    );
  },
};

const REPARSED = { onlyAcceptedBy: "vendor", why: "it verifies the JSON as it would write it itself, not the bytes" } as const;

const zoom: Oracle = {
  provider: "zoom",
  sdk: "@zoom/rivet 0.4.0",
  header: "x-zm-signature",
  time: { header: "x-zm-request-timestamp", unitMs: 1000 },
  prefix: "v0=",
  secret: (random) => randomText(random, 22),
  // Only JSON that it would write the same way.
  request: (random) => canonical(jsonRequest(random, { event: "meeting.started", event_ts: 1 })),
  differences: {
    "a line break behind the body": REPARSED,
    "a second too late": ANY_TIME,
    "a day late": ANY_TIME,
    "a day early": ANY_TIME,
    "a zero before the time": LOOSE_NUMBER,
  },
  async open() {
    const { AwsLambdaReceiver } = (await loadModule("@zoom/rivet/users/users.mjs")) as {
      AwsLambdaReceiver: new (options: object) => { start(): (event: object, context: object) => Promise<{ statusCode: number }> };
    };
    return async (request, webhooksSecretToken) => {
      const handle = new AwsLambdaReceiver({ webhooksSecretToken }).start();
      const { statusCode } = await handle({ body: textOf(request), headers: toRecord(request.headers), isBase64Encoded: false }, {});
      return statusCode === 200;
    };
  },
};

function canonical(request: WebhookRequest): WebhookRequest {
  return { ...request, body: Buffer.from(JSON.stringify(JSON.parse(textOf(request)))) };
}

interface HubspotQuestion {
  readonly signature: string;
  readonly signatureVersion: "v1" | "v2" | "v3";
  readonly clientSecret: string;
  readonly requestBody: string;
  readonly url: string;
  readonly method: string;
  readonly timestamp?: number;
}

function hubspot(version: "v1" | "v2" | "v3"): Oracle {
  const header = version === "v3" ? "X-HubSpot-Signature-v3" : "X-HubSpot-Signature";
  const timeHeader = "X-HubSpot-Request-Timestamp";
  return {
    provider: "hubspot",
    sdk: `@hubspot/api-client 13.5.0 (${version})`,
    header,
    ...(version === "v3" ? { time: { header: timeHeader, unitMs: 1 } } : {}),
    ...(version === "v1" ? {} : { signsUrl: true }),
    prefix: "",
    secret: (random) => randomText(random, 36),
    request: (random) => ({
      ...jsonRequest(random, { eventId: 1 }, [
        [header, "x"],
        ["X-HubSpot-Signature-Version", version],
      ]),
      // v2 and v3 undo escapes in the URL, which the vendor's code leaves to its caller.
      url: `https://hooks.example.com/in/${randomText(random, 6)}?a=1`,
    }),
    differences: version === "v3" ? { "a day early": FUTURE, "a zero before the time": LOOSE_NUMBER } : {},
    open: () => {
      const { Signature } = load("@hubspot/api-client/lib/src/utils/signature") as {
        Signature: { isValid(question: HubspotQuestion): boolean };
      };
      return Promise.resolve((request, clientSecret) => {
        const question = {
          signature: headerOf(request, header),
          signatureVersion: version,
          clientSecret,
          requestBody: textOf(request),
          url: request.url!,
          method: request.method,
        };
        const stamp = headerOf(request, timeHeader);
        return stamp === "" && version === "v3" ? false : asks(() => Signature.isValid({ ...question, timestamp: Number(stamp) }));
      });
    },
  };
}

function asks(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}

export const HEADER_ORACLES: readonly Oracle[] = [
  likeStripe("stripe", "Stripe-Signature"),
  likeStripe("calendly", "Calendly-Webhook-Signature"),
  likeGithub("github", "X-Hub-Signature-256"),
  likeGithub("meta", "X-Hub-Signature-256"),
  likeGithub("bitbucket", "X-Hub-Signature"),
  likeGithub("jira", "X-Hub-Signature"),
  likeStandard("standard-webhooks", "standardwebhooks 1.1.1", "webhook", "standardwebhooks"),
  likeStandard("gitlab-signing", "standardwebhooks 1.1.1", "webhook", "standardwebhooks"),
  likeStandard("standard-webhooks", "svix 1.99.1", "svix", "svix/dist/webhook"),
  slack,
  shopify("x-"),
  shopify(""),
  square,
  linear,
  zoom,
  hubspot("v1"),
  hubspot("v2"),
  hubspot("v3"),
];
