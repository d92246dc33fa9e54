import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { crc32 } from "node:zlib";
import type { Verification } from "../../main/contract/verification.ts";
import { awsSns } from "../../main/webhooks/providers/aws-sns.ts";
import { paypal } from "../../main/webhooks/providers/paypal.ts";
import type { Provider, WebhookRequest } from "../../main/webhooks/provider.ts";
import { verifyWebhook } from "../../main/webhooks/verify.ts";
import { FIXTURES } from "./fixtures.ts";
import { OPENSSL_MISSING, type OpensslCertificate, makeCertificate } from "./openssl.ts";
import { withHeaders } from "./oracles/oracle.ts";
import { PAYPAL_CERTIFICATE, PAYPAL_REQUESTS } from "./paypal-published.ts";

const skip = OPENSSL_MISSING ?? false;
let genuine: OpensslCertificate;
let foreign: OpensslCertificate;
before(() => {
  if (OPENSSL_MISSING !== null) return;
  genuine = makeCertificate("messageverificationcerts.paypal.com");
  foreign = makeCertificate("messageverificationcerts.paypal.com.example.net");
});
after(() => {
  genuine?.[Symbol.dispose]();
  foreign?.[Symbol.dispose]();
});

const CERT_URL = "https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-a5cafa77";

async function ask(
  provider: Provider,
  request: WebhookRequest,
  secret: string | null,
  pem: string | null,
): Promise<Verification & { asked: string[] }> {
  const asked: string[] = [];
  const secrets = secret === null ? [] : [{ name: "s", value: secret }];
  const fetchCertificate = (url: string): Promise<string | null> => {
    asked.push(url);
    return Promise.resolve(pem);
  };
  const verdict = await verifyWebhook(request, { provider, secrets, toleranceMs: null }, { now: Date.now(), fetchCertificate });
  return { ...verdict, asked };
}

function paypalRequest(parts: { id: string; time: string; signature: string; certUrl?: string }, body: string): WebhookRequest {
  return withHeaders(
    { method: "POST", url: null, headers: [["Content-Type", "application/json"]], body: Buffer.from(body) },
    ["PAYPAL-AUTH-ALGO", "SHA256withRSA"],
    ["PAYPAL-CERT-URL", parts.certUrl ?? CERT_URL],
    ["PAYPAL-TRANSMISSION-ID", parts.id],
    ["PAYPAL-TRANSMISSION-TIME", parts.time],
    ["PAYPAL-TRANSMISSION-SIG", parts.signature],
  );
}

for (const [index, sample] of PAYPAL_REQUESTS.entries())
  test(`paypal: request ${index + 1} that PayPal published is verified with its certificate of the time`, async () => {
    const { webhookId, body } = sample;
    const verdict = await ask(paypal, paypalRequest(sample, body), webhookId, PAYPAL_CERTIFICATE);
    assert.equal(verdict.verdict, "verified", verdict.message ?? "");
    assert.deepEqual(verdict.asked, [CERT_URL]);
    for (const changed of [
      ask(paypal, paypalRequest(sample, `${body} `), webhookId, PAYPAL_CERTIFICATE),
      ask(paypal, paypalRequest(sample, body), `${webhookId}X`, PAYPAL_CERTIFICATE),
      ask(paypal, paypalRequest({ ...sample, id: "another" }, body), webhookId, PAYPAL_CERTIFICATE),
    ])
      assert.equal((await changed).cause, "wrong-secret-or-body-modified");
    const later = await ask(paypal, paypalRequest({ ...sample, time: "2018-01-01T00:00:00Z" }, body), webhookId, PAYPAL_CERTIFICATE);
    assert.equal(later.cause, "certificate-untrusted");
  });

test(
  "paypal: what openssl signs is verified; another's certificate, a cut signature and one that is not there are told apart",
  { skip },
  async () => {
    const body = '{"id":"WH-1","event_type":"PAYMENT.SALE.COMPLETED"}';
    const [id, time] = ["d938e770", new Date().toISOString()];
    const content = `${id}|${time}|9XL|${crc32(body)}`;
    const signature = genuine.sign("sha256", content);
    assert.equal((await ask(paypal, paypalRequest({ id, time, signature }, body), "9XL", genuine.pem)).verdict, "verified");
    const forged = paypalRequest({ id, time, signature: foreign.sign("sha256", content) }, body);
    assert.equal((await ask(paypal, forged, "9XL", foreign.pem)).cause, "certificate-untrusted");
    assert.equal((await ask(paypal, forged, "9XL", genuine.pem)).cause, "malformed");
    assert.equal(
      (await ask(paypal, paypalRequest({ id, time, signature: signature.slice(0, -8) }, body), "9XL", genuine.pem)).cause,
      "malformed",
    );
    assert.equal((await ask(paypal, forged, "9XL", "no certificate")).cause, "certificate-untrusted");
    const unavailable = await ask(paypal, forged, "9XL", null);
    assert.deepEqual([unavailable.verdict, unavailable.cause], ["unverifiable", "certificate-unavailable"]);
    assert.equal((await ask(paypal, forged, null, genuine.pem)).verdict, "not-configured");
  },
);

test("a certificate is never asked for anywhere but at the provider's own host", async () => {
  const hostile = [
    "http://api.paypal.com/v1/notifications/certs/CERT-1",
    "https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1",
    "https://evil.example/v1/notifications/certs/CERT-1",
    "https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1",
    "https://api.paypal.com:8443/v1/notifications/certs/CERT-1",
    "https://api.paypal.com/v1/notifications/certs/../../../evil",
    "https://api.paypal.com/v1/notifications/certs/CERT-1?x",
    "https://api.paypal.com/v1/notifications/certs/CERT-1\n",
    "https://API.paypal.com/v1/notifications/certs/CERT-1",
    "https://xapi.paypal.com/v1/notifications/certs/CERT-1",
    "https://169.254.169.254/v1/notifications/certs/CERT-1",
  ];
  for (const certUrl of hostile) {
    const verdict = await ask(
      paypal,
      paypalRequest({ id: "1", time: "2026-01-01T00:00:00Z", signature: "AAAA", certUrl }, "{}"),
      "9XL",
      null,
    );
    assert.equal(verdict.cause, "certificate-untrusted", certUrl);
    assert.deepEqual(verdict.asked, []);
  }
  const message = JSON.parse(Buffer.from(FIXTURES["aws-sns"]!.request.body).toString()) as Record<string, string>;
  const path = "/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem";
  for (const host of [
    "http://sns.us-east-1.amazonaws.com",
    "https://sns.us-east-1.amazonaws.com.evil.example",
    "https://sns.amazonaws.com",
    "https://s3.amazonaws.com",
    "https://sns.x/sns.us-east-1.amazonaws.com",
  ]) {
    const body = Buffer.from(JSON.stringify({ ...message, SigningCertURL: `${host}${path}` }));
    const verdict = await ask(awsSns, { ...FIXTURES["aws-sns"]!.request, body }, null, null);
    assert.equal(verdict.cause, "certificate-untrusted", host);
    assert.deepEqual(verdict.asked, []);
  }
});

test("aws-sns: a changed message is told from a forged one, and a topic that is not expected from both", { skip }, async () => {
  const { request, secret } = FIXTURES["aws-sns"]!;
  const fields: Record<string, string> = {
    ...(JSON.parse(Buffer.from(request.body).toString()) as Record<string, string>),
    Timestamp: new Date().toISOString(),
  };
  const content = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"].map((name) => `${name}\n${fields[name]}\n`).join("");
  const send = (change: Record<string, string>) => ({ ...request, body: Buffer.from(JSON.stringify({ ...fields, ...change })) });
  const signature = { Signature: genuine.sign("sha256", content) };
  const good = await ask(awsSns, send(signature), secret, genuine.pem);
  assert.deepEqual([good.verdict, good.secretName], ["verified", "s"]);
  assert.equal((await ask(awsSns, send(signature), null, genuine.pem)).verdict, "verified");
  assert.equal((await ask(awsSns, send({ ...signature, Message: "Hello" }), secret, genuine.pem)).cause, "body-modified");
  assert.equal((await ask(awsSns, send({ Signature: foreign.sign("sha256", content) }), secret, genuine.pem)).cause, "malformed");
  assert.equal((await ask(awsSns, send(signature), `${secret}X`, genuine.pem)).cause, "not-allowed");
  assert.equal((await ask(awsSns, send({ ...signature, SignatureVersion: "3" }), secret, genuine.pem)).cause, "unsupported");
  const raw = withHeaders(send(signature), ["x-amz-sns-rawdelivery", "true"]);
  assert.deepEqual((await ask(awsSns, raw, secret, genuine.pem)).cause, "unsigned");
});
