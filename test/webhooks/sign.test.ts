import assert from "node:assert/strict";
import { test } from "node:test";
import { PROVIDERS, findProvider } from "../../main/webhooks/providers.ts";
import { signWebhook } from "../../main/webhooks/sign.ts";
import { NOW } from "./fixture.ts";
import { FIXTURES } from "./fixtures.ts";
import { ed25519Private, ed25519Public } from "./test-keys.ts";
import { headerOf } from "./oracles/oracle.ts";

test("where the secret is kept here a request is signed anew, and is verified as long after that as any other", () => {
  const able: string[] = [];
  for (const provider of PROVIDERS) {
    const { request, secret } = FIXTURES[provider.id]!;
    const signed = signWebhook(provider, request, secret, NOW);
    if (!signed.ok) {
      assert.equal(signed.refusal.code, "SIGNING_IMPOSSIBLE");
      continue;
    }
    able.push(provider.id);
    const verdict = provider.verify(signed.value, [{ name: "s", value: secret }], { now: NOW + 1000, toleranceMs: null });
    assert.equal(verdict.verdict, "verified", `${provider.id}: ${verdict.message}`);
    assert.equal(provider.deliveryId(signed.value), provider.deliveryId({ ...request, body: signed.value.body }), provider.id);
    assert.equal(provider.eventType(signed.value), provider.eventType(request));
  }
  const keptElsewhere = new Set(["aws-sns", "discord", "paypal", "sendgrid"]);
  assert.deepEqual(
    able,
    PROVIDERS.map(({ id }) => id).filter((id) => !keptElsewhere.has(id)),
  );
});

test("signing leaves the order and the spelling of headers, and puts what was not there at the end", () => {
  const { request, secret } = FIXTURES["slack"]!;
  const written = {
    ...request,
    headers: [["x-SLACK-signature", "v0=old"], ...request.headers.filter(([name]) => !name.startsWith("X-Slack"))] as const,
  };
  const signed = signWebhook(findProvider("slack")!, written, secret, NOW);
  assert.ok(signed.ok);
  const names = signed.value.headers.map(([name]) => name);
  assert.deepEqual(names, [...written.headers.map(([name]) => name), "X-Slack-Request-Timestamp"]);
  assert.match(signed.value.headers[0]![1], /^v0=[0-9a-f]{64}$/);
});

test("of headers that stood twice one is left, and it is the fresh one", () => {
  const { request, secret } = FIXTURES["github"]!;
  const twice = { ...request, headers: [...request.headers, ["x-hub-signature-256", "sha256=old"] as const] };
  const signed = signWebhook(findProvider("github")!, twice, secret, NOW);
  assert.ok(signed.ok);
  const left = signed.value.headers.filter(([name]) => name.toLowerCase() === "x-hub-signature-256");
  assert.equal(left.length, 1);
  assert.equal(
    findProvider("github")!.verify(signed.value, [{ name: "s", value: secret }], { now: NOW, toleranceMs: null }).verdict,
    "verified",
  );
});

test("only what must change in a body does: the moment in Linear's, the signature in Mailgun's", () => {
  for (const [id, text, pattern] of [
    ["linear", '{ "n":1.0, "webhookTimestamp" : 5, "u":"\\u00e9\\/" }', /^\{ "n":1\.0, "webhookTimestamp" : \d{13}, "u":"\\u00e9\\\/" \}$/],
    [
      "mailgun",
      '{"signature": {"token":"a"}, "n":1.0,"u":"\\/"}',
      /^\{"signature": \{"timestamp":"\d{10}","token":"[0-9a-f]{50}","signature":"[0-9a-f]{64}"\}, "n":1\.0,"u":"\\\/"\}$/,
    ],
  ] as const) {
    const signed = signWebhook(findProvider(id)!, { ...FIXTURES[id]!.request, body: Buffer.from(text) }, "secret", NOW);
    assert.ok(signed.ok);
    assert.match(Buffer.from(signed.value.body).toString(), pattern);
  }
});

test("Standard Webhooks are signed by Ed25519 with a private key, and are not with a public one", () => {
  const provider = findProvider("standard-webhooks")!;
  const { request } = FIXTURES["standard-webhooks"]!;
  const seed = ed25519Private.export({ format: "der", type: "pkcs8" }).subarray(-32);
  const signed = signWebhook(provider, request, `whsk_${seed.toString("base64")}`, NOW);
  assert.ok(signed.ok);
  assert.match(headerOf(signed.value, "webhook-signature"), /^v1a,/);
  const publicKey = `whpk_${ed25519Public.toString("base64")}`;
  assert.equal(provider.verify(signed.value, [{ name: "s", value: publicKey }], { now: NOW, toleranceMs: null }).verdict, "verified");
  const refused = signWebhook(provider, request, publicKey, NOW);
  assert.ok(!refused.ok && refused.refusal.code === "SIGNING_IMPOSSIBLE");
});

test("a message that has no id gets one when it is signed for the first time", () => {
  const { request, secret } = FIXTURES["standard-webhooks"]!;
  const signed = signWebhook(findProvider("standard-webhooks")!, { ...request, headers: [] }, secret, NOW);
  assert.ok(signed.ok);
  assert.match(headerOf(signed.value, "webhook-id"), /^msg_[0-9a-f]{32}$/);
});

test("what covers the URL is not signed without knowing it", () => {
  for (const id of ["square", "twilio", "hubspot"]) {
    const signed = signWebhook(findProvider(id)!, { ...FIXTURES[id]!.request, url: null }, FIXTURES[id]!.secret, NOW);
    assert.ok(!signed.ok && signed.refusal.code === "SIGNING_IMPOSSIBLE", id);
  }
});
