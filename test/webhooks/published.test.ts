import assert from "node:assert/strict";
import { test } from "node:test";
import type { HeaderList } from "../../main/contract/event.ts";
import type { WebhookRequest } from "../../main/webhooks/provider.ts";
import { findProvider } from "../../main/webhooks/providers.ts";

/** Examples that the providers themselves published, with the signatures they gave. */
interface Published {
  readonly provider: string;
  readonly from: string;
  readonly secret: string;
  readonly url?: string;
  readonly method?: string;
  readonly headers: HeaderList;
  readonly body: string;
  readonly at?: number;
}

const FORM = "application/x-www-form-urlencoded";

const PUBLISHED: readonly Published[] = [
  {
    provider: "github",
    from: "docs.github.com, Validating webhook deliveries",
    secret: "It's a Secret to Everybody",
    headers: [["X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]],
    body: "Hello, World!",
  },
  {
    provider: "slack",
    from: "docs.slack.dev, Verifying requests from Slack",
    secret: "8f742231b10e8888abcd99yyyzzz85a5",
    headers: [
      ["X-Slack-Request-Timestamp", "1531420618"],
      ["X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"],
    ],
    body:
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=" +
      "https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    at: 1531420618_000,
  },
  {
    provider: "twilio",
    from: "twilio.com/docs, Webhooks security",
    secret: "12345",
    url: "https://mycompany.com/myapp.php?foo=1&bar=2",
    headers: [
      ["Content-Type", FORM],
      ["X-Twilio-Signature", "GvWf1cFY/Q7PnoempGyD5oXAezc="],
    ],
    body: "Digits=1234&To=%2B18005551212&From=%2B14158675310&Caller=%2B14158675310&CallSid=CA1234567890ABCDE",
  },
  {
    provider: "standard-webhooks",
    from: "docs.svix.com, Verifying webhooks manually",
    secret: "whsec_plJ3nmyCDGBKInavdOK15jsl",
    headers: [
      ["svix-id", "msg_loFOjxBNrRLzqYUf"],
      ["svix-timestamp", "1731705121"],
      ["svix-signature", "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="],
    ],
    body: '{"event_type":"ping","data":{"success":true}}',
    at: 1731705121_000,
  },
  {
    provider: "hubspot",
    from: "legacydocs.hubspot.com, Validating the v1 request signature",
    secret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    headers: [
      ["X-HubSpot-Signature-Version", "v1"],
      ["X-HubSpot-Signature", "232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de"],
    ],
    body: '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]',
  },
  {
    provider: "hubspot",
    from: "legacydocs.hubspot.com, Validating the v2 request signature (GET)",
    secret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    method: "GET",
    url: "https://www.example.com/webhook_uri",
    headers: [
      ["X-HubSpot-Signature-Version", "v2"],
      ["X-HubSpot-Signature", "eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e"],
    ],
    body: "",
  },
  {
    provider: "hubspot",
    from: "legacydocs.hubspot.com, Validating the v2 request signature (POST)",
    secret: "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
    url: "https://www.example.com/webhook_uri",
    headers: [
      ["X-HubSpot-Signature-Version", "v2"],
      ["X-HubSpot-Signature", "9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900"],
    ],
    body: '{"example_field":"example_value"}',
  },
];

for (const { provider, from, secret, body, at = 0, ...rest } of PUBLISHED)
  test(`${provider}: the example of ${from} is verified as it stands`, () => {
    const request: WebhookRequest = {
      method: rest.method ?? "POST",
      url: rest.url ?? null,
      headers: rest.headers,
      body: Buffer.from(body),
    };
    const ask = (one: WebhookRequest) =>
      findProvider(provider)!.verify(one, [{ name: "s", value: secret }], { now: at, toleranceMs: null });
    const verdict = ask(request);
    assert.equal(verdict.verdict, "verified", verdict.message ?? "");
    assert.equal(ask({ ...request, body: Buffer.from(`${body}.`) }).verdict, "failed");
  });
