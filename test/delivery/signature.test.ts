import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { test, type TestContext } from "node:test";
import { toRequestHeaders } from "../../main/delivery/delivery-request.ts";
import { createEndpointSecret, parseEndpointSecret, toSecretInfo, type EndpointSecret } from "../../main/delivery/endpoint-secret.ts";
import { createSigner } from "../../main/delivery/signature.ts";
import { load, ORACLES_MISSING } from "../webhooks/oracles/oracle.ts";

interface Judge {
  verify(body: Buffer | string, headers: Record<string, string>): unknown;
}
type JudgeModule = { readonly Webhook: new (secret: string) => Judge };

const BODIES = ['{"a":1}', "", "žluťoučký kůň ✓ \\/ 1.0", '{"big":12345678901234567890}\r\n'].map((text) => Buffer.from(text));

function signedHeaders(secrets: readonly EndpointSecret[], body: Buffer): Record<string, string> {
  const event = { id: "log1-2x", topic: "orders/new", source: "shop", contentType: "application/json", body, head: null };
  return toRequestHeaders({ event, headers: [], signer: createSigner(secrets), userAgent: "test", attempt: 1, now: Date.now() });
}

/** The two reference libraries; a reason is printed where they are not installed. */
function judges(t: TestContext): readonly JudgeModule[] {
  if (ORACLES_MISSING === null) return [load("standardwebhooks") as JudgeModule, load("svix") as JudgeModule];
  t.skip(ORACLES_MISSING);
  return [];
}

test("the reference libraries take our signatures for genuine, and no changed body", (t) => {
  const secret = createEndpointSecret("v1", Date.now());
  for (const { Webhook } of judges(t)) {
    const judge = new Webhook(secret.value);
    for (const body of BODIES) {
      const headers = signedHeaders([secret], body);
      const json = body.length > 0 && body[0] === 0x7b;
      if (json) judge.verify(body, headers);
      assert.throws(() => judge.verify(Buffer.concat([body, Buffer.from(" ")]), headers), /signature/i);
    }
  }
});

test("while a secret is rotated, receivers with the old one and with the new one both accept", (t) => {
  const now = Date.now();
  const before = { ...createEndpointSecret("v1", now), expiresAt: now + 60_000 };
  const after = createEndpointSecret("v1", now);
  const headers = signedHeaders([after, before], BODIES[0]!);
  assert.equal(headers["webhook-signature"]?.split(" ").length, 2);
  for (const { Webhook } of judges(t)) for (const { value } of [before, after]) new Webhook(value).verify(BODIES[0]!, headers);
});

test("a secret that has expired signs no more", () => {
  const now = Date.now();
  const expired = { ...createEndpointSecret("v1", now), expiresAt: now };
  assert.equal(signedHeaders([createEndpointSecret("v1", now), expired], BODIES[0]!)["webhook-signature"]?.split(" ").length, 1);
});

test("v1a is an ed25519 signature that the public key verifies", () => {
  const secret = createEndpointSecret("v1a", Date.now());
  const [, base64 = ""] = /^whpk_(.+)$/.exec(toSecretInfo(secret).publicKey ?? "") ?? [];
  const key = createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(base64, "base64").toString("base64url") },
    format: "jwk",
  });
  for (const body of BODIES) {
    const headers = signedHeaders([secret], body);
    const [, signature = ""] = /^v1a,(\S+)$/.exec(headers["webhook-signature"] ?? "") ?? [];
    const signed = Buffer.concat([Buffer.from(`log1-2x.${headers["webhook-timestamp"]}.`), body]);
    assert.ok(verify(null, signed, key, Buffer.from(signature, "base64")));
  }
});

test("a secret may be given: whsec_ of 24 to 64 bytes, whsk_ of a seed or a key pair; others are refused without being repeated", () => {
  const base64 = (bytes: number): string => Buffer.alloc(bytes, 7).toString("base64");
  for (const text of [`whsec_${base64(24)}`, `whsec_${base64(64)}`, `whsk_${base64(32)}`, `whsk_${base64(64)}`])
    assert.ok(parseEndpointSecret(text, 0).ok, text);
  for (const text of ["", "secret", base64(32), `whsec_${base64(23)}`, `whsec_${base64(65)}`, `whsk_${base64(33)}`, "whsec_%%%%"]) {
    const parsed = parseEndpointSecret(text, 0);
    assert.ok(!parsed.ok && parsed.refusal.code === "PARAMS_INVALID", text);
    if (text.length > 10) assert.ok(!parsed.refusal.message.includes(text));
  }
});
