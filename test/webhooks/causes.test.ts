import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { VERDICT_CAUSES, type Verification, type WebhookSecret } from "../../main/contract/verification.ts";
import type { WebhookRequest } from "../../main/webhooks/provider.ts";
import { PROVIDERS, findProvider } from "../../main/webhooks/providers.ts";
import { signWebhook } from "../../main/webhooks/sign.ts";
import { verifyWebhook } from "../../main/webhooks/verify.ts";
import { NOW } from "./fixture.ts";
import { FIXTURES, WHSEC } from "./fixtures.ts";
import { headerOf, withHeaders } from "./oracles/oracle.ts";

/** Providers whose secret can sign, with a request that is signed. */
const SIGNED = PROVIDERS.flatMap((provider) => {
  const { request, secret } = FIXTURES[provider.id]!;
  const signed = signWebhook(provider, request, secret, NOW);
  return signed.ok ? [{ provider, secret, request: signed.value }] : [];
});
const signedBy = (id: string) => SIGNED.find(({ provider }) => provider.id === id)!;

interface Asked {
  readonly id: string;
  readonly request: WebhookRequest;
  readonly secrets?: readonly string[];
  readonly now?: number;
  readonly toleranceMs?: number | null;
}

function ask({ id, request, secrets, now = NOW, toleranceMs = null }: Asked): Verification {
  const named: WebhookSecret[] = (secrets ?? [FIXTURES[id]!.secret]).map((value, index) => ({ name: `s${index}`, value }));
  const tools = { now, fetchCertificate: () => Promise.resolve(null) };
  const verdict = verifyWebhook(request, { provider: findProvider(id), secrets: named, toleranceMs }, tools);
  assert.ok(!(verdict instanceof Promise));
  assert.equal(verdict.cause === null, verdict.verdict === "verified" || verdict.verdict === "not-configured");
  if (verdict.cause !== null) assert.ok(verdict.cause in VERDICT_CAUSES);
  for (const value of secrets ?? [FIXTURES[id]!.secret])
    if (value.length > 8) assert.ok(!verdict.message?.includes(value), "the message gives the secret away");
  return verdict;
}

const rewritten = (request: WebhookRequest, change: (text: string) => string): WebhookRequest => ({
  ...request,
  body: Buffer.from(change(Buffer.from(request.body).toString())),
});

test("without a provider, or a secret it needs, nothing is said", () => {
  const { request } = signedBy("stripe");
  assert.equal(ask({ id: "stripe", request, secrets: [] }).verdict, "not-configured");
  assert.equal(ask({ id: "none of them", request, secrets: [] }).verdict, "not-configured");
});

test("any of several secrets will do, and which one it was is said", () => {
  for (const { provider, secret, request } of SIGNED) {
    const verdict = ask({ id: provider.id, request, secrets: [WHSEC.replace("M", "N"), "another", secret] });
    assert.deepEqual([verdict.verdict, verdict.secretName], ["verified", "s2"], provider.id);
  }
});

test("a header of the signature that is there twice is refused, the same or not, and whatever its case", () => {
  for (const { provider, request } of SIGNED) {
    const before = new Set(FIXTURES[provider.id]!.request.headers.map(([, value]) => value));
    // What signing set is what the verdict rests on.
    for (const [name, value] of request.headers.filter(([, value]) => !before.has(value)))
      for (const twice of [value, `${value}x`]) {
        const doubled = { ...request, headers: [[name.toUpperCase(), twice] as const, ...request.headers] };
        assert.equal(ask({ id: provider.id, request: doubled }).cause, "duplicate-header", `${provider.id} ${name}`);
      }
  }
});

test("a header of the signature that is missing or empty is named", () => {
  for (const { provider, request } of SIGNED) {
    const before = new Set(FIXTURES[provider.id]!.request.headers.map(([, value]) => value));
    for (const [name] of request.headers.filter(([, value]) => !before.has(value))) {
      // HubSpot's older signature takes over when the newer is gone.
      if (provider.id === "hubspot" && name === "X-HubSpot-Signature-v3") continue;
      // Without the newer header it is the older GitHub that is asked.
      if (provider.id === "github") continue;
      for (const headers of [
        request.headers.filter(([one]) => one !== name),
        request.headers.map(([one, value]) => [one, one === name ? "" : value] as const),
      ]) {
        const verdict = ask({ id: provider.id, request: { ...request, headers } });
        assert.equal(verdict.cause, "missing-header", provider.id);
        assert.ok(verdict.message?.toLowerCase().includes(name.toLowerCase()), verdict.message ?? "");
      }
    }
  }
});

test("too old and from the future are told apart, at the provider's own tolerance or one that is set", () => {
  const timed = SIGNED.filter(({ provider }) => provider.toleranceMs !== null);
  assert.deepEqual(timed.map(({ provider }) => provider.id).sort(), [
    "calendly",
    "gitlab-signing",
    "hubspot",
    "linear",
    "mailgun",
    "slack",
    "standard-webhooks",
    "stripe",
    "zoom",
  ]);
  for (const { provider, request } of timed) {
    const toleranceMs = provider.toleranceMs!;
    const at = (now: number, own: number | null = null) => ask({ id: provider.id, request, now, toleranceMs: own });
    assert.equal(at(NOW + toleranceMs).verdict, "verified", provider.id);
    assert.equal(at(NOW - toleranceMs).verdict, "verified", provider.id);
    assert.equal(at(NOW + toleranceMs + 1000).cause, "expired", provider.id);
    assert.equal(at(NOW - toleranceMs - 1000).cause, "in-the-future", provider.id);
    assert.equal(at(NOW + 5000, 3000).cause, "expired");
    assert.equal(at(NOW + 86_400_000, 0).verdict, "verified");
    const late = at(NOW + toleranceMs + 1000);
    assert.deepEqual([late.secretName, late.signedAt], ["s0", NOW], "the signature is good, and that is said");
  }
});

test("a body that something rewrote on its way is proven to be changed, and what was done to it is said", () => {
  const { request } = FIXTURES["github"]!;
  const sent = '{"url":"https:\\/\\/h","n":1.0,"u":"\\u00e9","big":12345678901234567890,"list":[1, 2]}';
  const rewrites: Readonly<Record<string, readonly [sent: string, came: (text: string) => string]>> = {
    "line break was added": [sent, (text) => `${text}\n`],
    "line break at its end was removed": [`${sent}\n`, (text) => text.trimEnd()],
    "became CRLF": ['{\n "a": 1\n}', (text) => text.replaceAll("\n", "\r\n")],
    "became LF": ['{\r\n "a": 1\r\n}', (text) => text.replaceAll("\r\n", "\n")],
    "blanks were added": [sent.replace("1, 2", "1,2"), (text) => text.replaceAll(",", ",\n  ")],
    "blanks were removed": ['{"a": 1, "b": "x, y: z"}', (text) => text.replace('": ', '":').replace(', "b": ', ',"b":')],
    "slashes in the JSON were written plainly": ['{"a":"https:\\/\\/h"}', (text) => text.replaceAll("\\/", "/")],
    "letters in the JSON were written plainly": ['{"a":"caf\\u00e9"}', (text) => JSON.stringify(JSON.parse(text))],
    "letters in the JSON were escaped": ['{"a":"café"}', (text) => text.replace("é", "\\u00e9")],
    "lines were joined": ['{\n  "a": 1\n}', (text) => JSON.stringify(JSON.parse(text))],
  };
  for (const [what, [text, change]] of Object.entries(rewrites)) {
    const signed = signWebhook(findProvider("github")!, { ...request, body: Buffer.from(text) }, "secret", NOW);
    assert.ok(signed.ok);
    const verdict = ask({ id: "github", request: rewritten(signed.value, change), secrets: ["another", "secret"] });
    assert.equal(verdict.cause, "body-modified", `${what}: ${verdict.message}`);
    assert.ok(verdict.message?.includes(what), `${what}: ${verdict.message}`);
    assert.equal(verdict.secretName, "s1");
  }
});

test("a body that does not fit its sender's own digest is proven to be changed", () => {
  const { request } = signedBy("github");
  const digest = (algorithm: string) => createHash(algorithm).update(request.body).digest("base64");
  for (const [name, value] of [
    ["Content-Digest", `sha-256=:${digest("sha256")}:`],
    ["Digest", `SHA-256=${digest("sha256")}`],
    ["Content-MD5", digest("md5")],
  ] as const) {
    const changed = rewritten(withHeaders(request, [name, value]), (text) => text.replace("main", "evil"));
    assert.equal(ask({ id: "github", request: changed }).cause, "body-modified", name);
    assert.equal(
      ask({ id: "github", request: withHeaders(request, [name, value]), secrets: ["other"] }).cause,
      "wrong-secret-or-body-modified",
    );
  }
});

test("a body made to slow down the search for what was changed is judged as fast as any other", { timeout: 20_000 }, () => {
  const { request } = signedBy("github");
  const size = 60_000;
  const bodies = [
    `{"${'\\"'.repeat(size / 2)}`,
    `{"${'\\"'.repeat(size / 2 - 2)}\\`,
    `${"\n".repeat(size)}x`,
    `[${" ".repeat(size)}`,
    "[".repeat(size),
    `{${'"'.repeat(size)}`,
    "\\".repeat(size),
    "%".repeat(size),
    `a=${"+".repeat(size)}`,
  ];
  for (const body of bodies)
    assert.equal(
      ask({ id: "github", request: rewritten(request, () => body), secrets: ["a", "b", "c", "d", "e"] }).cause,
      "wrong-secret-or-body-modified",
    );
});

test("where nothing proves which, both are named", () => {
  const { request } = signedBy("github");
  assert.equal(ask({ id: "github", request, secrets: ["another"] }).cause, "wrong-secret-or-body-modified");
  assert.equal(
    ask({ id: "github", request: rewritten(request, (text) => text.replace("main", "evil")) }).cause,
    "wrong-secret-or-body-modified",
  );
});

test("a secret that was copied with blanks, quotation marks or in another form is proven to be wrong, and how is said", () => {
  const cases: readonly (readonly [id: string, sent: string, kept: string, remedy: string])[] = [
    ["github", "It's a Secret", "It's a Secret\n", "without the blanks"],
    ["github", "hush", '"hush"', "without its quotation marks"],
    ["github", Buffer.from("0123456789abcdef", "hex").toString("latin1"), "0123456789abcdef", "decoded from hex"],
    ["standard-webhooks", WHSEC, `${WHSEC} `, "without the blanks"],
  ];
  for (const [id, sent, kept, remedy] of cases) {
    const { request } = FIXTURES[id]!;
    // A key of bytes above 0x7F cannot be written as text; only ASCII ones are tried here.
    if (/[^\0-\x7f]/.test(sent)) continue;
    const signed = signWebhook(findProvider(id)!, request, sent, NOW);
    assert.ok(signed.ok);
    const verdict = ask({ id, request: signed.value, secrets: [kept, WHSEC.replace("M", "N")] });
    assert.equal(verdict.cause, "wrong-secret", `${kept}: ${verdict.message}`);
    assert.ok(verdict.message?.includes(remedy), verdict.message ?? "");
  }
});

test("a token is right or wrong, and wrong is the secret's fault", () => {
  for (const id of ["gitlab", "microsoft-graph"])
    assert.equal(ask({ id, request: signedBy(id)?.request ?? FIXTURES[id]!.request, secrets: ["another"] }).cause, "wrong-secret");
  assert.equal(ask({ id: "microsoft-graph", request: FIXTURES["microsoft-graph"]!.request }).verdict, "verified");
});

test("one wrong notification spoils a batch of Microsoft Graph", () => {
  const { request } = FIXTURES["microsoft-graph"]!;
  const { value } = JSON.parse(Buffer.from(request.body).toString()) as { value: object[] };
  const batch = (...more: object[]) =>
    ask({ id: "microsoft-graph", request: { ...request, body: Buffer.from(JSON.stringify({ value: [...value, ...more] })) } });
  assert.equal(batch({ ...value[0] }).verdict, "verified");
  assert.equal(batch({ ...value[0], clientState: "forged" }).cause, "wrong-secret");
  assert.equal(batch({ subscriptionId: "x" }).cause, "malformed");
});

test("a signature for another URL is told from all else, by scheme, host, slash, query or what proxies say", () => {
  const real = "https://shop.example.com/in/shop?a=1";
  const seen: readonly (readonly [url: string, headers: readonly (readonly [string, string])[]])[] = [
    ["http://shop.example.com/in/shop?a=1", []],
    ["https://shop.example.com/in/shop/?a=1", []],
    ["http://127.0.0.1:4800/in/shop?a=1", [["X-Forwarded-Host", "shop.example.com"]]],
    ["http://127.0.0.1:4800/in/shop?a=1", [["Host", "shop.example.com"]]],
  ];
  for (const id of ["square", "twilio", "hubspot"]) {
    const signed = signWebhook(findProvider(id)!, { ...FIXTURES[id]!.request, url: real }, FIXTURES[id]!.secret, NOW);
    assert.ok(signed.ok);
    for (const [url, headers] of seen) {
      const verdict = ask({ id, request: { ...withHeaders(signed.value, ...headers), url } });
      assert.equal(verdict.cause, "url-mismatch", `${id} ${url}: ${verdict.message}`);
      assert.ok(verdict.message?.includes(real), verdict.message ?? "");
    }
    assert.deepEqual(
      [ask({ id, request: { ...signed.value, url: null } }).verdict, ask({ id, request: { ...signed.value, url: null } }).cause],
      ["unverifiable", "url-unknown"],
    );
    assert.equal(ask({ id, request: { ...signed.value, url: "https://elsewhere.example/x" } }).cause, "wrong-secret-or-body-modified");
  }
});

test("Twilio's signature is good with or without the port that goes without saying", () => {
  const { request, secret } = FIXTURES["twilio"]!;
  const signed = signWebhook(findProvider("twilio")!, { ...request, url: "https://h.example.com/in/t" }, secret, NOW);
  assert.ok(signed.ok);
  for (const url of ["https://h.example.com/in/t", "https://h.example.com:443/in/t"])
    assert.equal(ask({ id: "twilio", request: { ...signed.value, url } }).verdict, "verified");
});

test("Twilio's body that is no form is held to the digest its URL carries, and without one is not believed", () => {
  const json = { ...FIXTURES["twilio"]!.request, headers: [["Content-Type", "application/json"]] as const, body: Buffer.from('{"a":1}') };
  const signed = signWebhook(findProvider("twilio")!, json, "12345", NOW);
  assert.ok(signed.ok);
  assert.match(signed.value.url ?? "", /bodySHA256=[0-9a-f]{64}$/);
  assert.equal(ask({ id: "twilio", request: signed.value }).verdict, "verified");
  assert.equal(ask({ id: "twilio", request: rewritten(signed.value, () => '{"a":2}') }).cause, "body-modified");
  // A signed GET without a body, sent again with one.
  const empty = signWebhook(findProvider("twilio")!, { ...json, body: Buffer.alloc(0) }, "12345", NOW);
  assert.ok(empty.ok);
  assert.equal(ask({ id: "twilio", request: rewritten(empty.value, () => '{"evil":1}') }).cause, "malformed");
});

test("what cannot be read as a signature is called malformed, and a flood of them is not tried", () => {
  const stripe = (value: string) => ask({ id: "stripe", request: withHeaders(signedBy("stripe").request, ["Stripe-Signature", value]) });
  const good = headerOf(signedBy("stripe").request, "Stripe-Signature");
  for (const value of [
    "x",
    "t=1",
    "v1=ab",
    `t=,${good.split(",")[1]}`,
    `t=1e9,${good.split(",")[1]}`,
    `${good},t=1`,
    `v0=${"0".repeat(64)}`,
    good.toUpperCase(),
  ])
    assert.equal(stripe(value).cause, "malformed", value);
  assert.equal(stripe(`${good}${`,v1=${"0".repeat(64)}`.repeat(15)}`).verdict, "verified");
  assert.equal(stripe(`${good}${`,v1=${"0".repeat(64)}`.repeat(16)}`).cause, "malformed");
});

test("a secret of another kind is said to be unusable, and the provider's own words say why before it is kept", () => {
  assert.equal(
    ask({
      id: "discord",
      request: withHeaders(FIXTURES["discord"]!.request, ["X-Signature-Ed25519", "0".repeat(128)]),
      secrets: ["no key"],
    }).cause,
    "secret-unusable",
  );
  assert.equal(
    ask({ id: "standard-webhooks", request: signedBy("standard-webhooks").request, secrets: ["not base64!"] }).cause,
    "secret-unusable",
  );
  const wrong: Readonly<Record<string, string>> = {
    stripe: "sk_test_1",
    discord: "abc",
    sendgrid: "abc",
    "standard-webhooks": "whsec_!",
    paypal: "not an id",
    "aws-sns": "my-topic",
    github: " ",
    gitlab: "x ",
  };
  for (const [id, value] of Object.entries(wrong)) assert.ok(findProvider(id)!.secret.fault(value), id);
  for (const provider of PROVIDERS) assert.equal(provider.secret.fault(FIXTURES[provider.id]!.secret), null, provider.id);
});

test("a body that is not all there cannot be verified", () => {
  const { request } = signedBy("github");
  assert.equal(ask({ id: "github", request: { ...request, truncated: true } }).cause, "body-truncated");
});

test("Jira's JWT for Connect apps is said not to be verified here", () => {
  const headers = [["Authorization", "JWT eyJ0.eyJp.x"]] as const;
  assert.equal(ask({ id: "jira", request: { ...FIXTURES["jira"]!.request, headers } }).cause, "unsupported");
});

test("Linear's time must stand in the signed body; a header with it is not believed", () => {
  const { request, secret } = FIXTURES["linear"]!;
  const without = signWebhook(
    findProvider("linear")!,
    rewritten(request, (text) => text.replace(/"webhookTimestamp":\d+,/, "")),
    secret,
    NOW,
  );
  assert.ok(!without.ok && without.refusal.code === "SIGNING_IMPOSSIBLE");
  const signed = signedBy("linear").request;
  const nested = rewritten(signed, (text) => text.replace('"webhookTimestamp"', '"other"'));
  assert.equal(ask({ id: "linear", request: nested }).verdict, "failed");
});
