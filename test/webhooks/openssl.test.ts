import assert from "node:assert/strict";
import { test } from "node:test";
import type { HmacScheme } from "../../main/contract/webhook-scheme.ts";
import { createGenericProvider } from "../../main/webhooks/generic-provider.ts";
import type { Provider, WebhookRequest } from "../../main/webhooks/provider.ts";
import { findProvider } from "../../main/webhooks/providers.ts";
import { NOW } from "./fixture.ts";
import { FIXTURES, WHSEC } from "./fixtures.ts";
import { ed25519Private, ed25519Public } from "./test-keys.ts";
import { OPENSSL_MISSING, opensslEd25519, opensslHmac } from "./openssl.ts";
import { withHeaders } from "./oracles/oracle.ts";

const skip = OPENSSL_MISSING ?? false;
const seconds = String(NOW / 1000);
const bodyOf = ({ body }: WebhookRequest): string => Buffer.from(body).toString();

/** Headers signed by openssl as each provider is said to sign; for those that have no code of their own to ask. */
const SIGNED: Readonly<Record<string, (request: WebhookRequest, secret: string) => readonly (readonly [string, string])[]>> = {
  dropbox: (request, secret) => [["X-Dropbox-Signature", opensslHmac("sha256", secret, request.body).toString("hex")]],
  sentry: (request, secret) => [["Sentry-Hook-Signature", opensslHmac("sha256", secret, request.body).toString("hex")]],
  typeform: (request, secret) => [["Typeform-Signature", `sha256=${opensslHmac("sha256", secret, request.body).toString("base64")}`]],
  intercom: (request, secret) => [["X-Hub-Signature", `sha1=${opensslHmac("sha1", secret, request.body).toString("hex")}`]],
  meta: (request, secret) => [["X-Hub-Signature-256", `sha256=${opensslHmac("sha256", secret, request.body).toString("hex")}`]],
  x: (request, secret) => [["X-Twitter-Webhooks-Signature", `sha256=${opensslHmac("sha256", secret, request.body).toString("base64")}`]],
  calendly: (request, secret) => [
    ["Calendly-Webhook-Signature", `t=${seconds},v1=${opensslHmac("sha256", secret, `${seconds}.${bodyOf(request)}`).toString("hex")}`],
  ],
  zendesk: (request, secret) => [
    ["X-Zendesk-Webhook-Signature", opensslHmac("sha256", secret, `2026-11-23T12:00:00Z${bodyOf(request)}`).toString("base64")],
  ],
  github: (request, secret) => [["X-Hub-Signature-256", `sha256=${opensslHmac("sha256", secret, request.body).toString("hex")}`]],
};

for (const [id, sign] of Object.entries(SIGNED))
  test(`${id}: what openssl signs is verified, with the body changed or another secret it is not`, { skip }, () => {
    const { request, secret } = FIXTURES[id]!;
    const signed = withHeaders(request, ...sign(request, secret));
    assertOnlyGenuine(findProvider(id)!, signed, secret);
  });

test("github: a signature by SHA-1 alone is verified too", { skip }, () => {
  const { request, secret } = FIXTURES["github"]!;
  const headers = request.headers.filter(([name]) => name !== "X-Hub-Signature-256");
  const signed = withHeaders({ ...request, headers }, [
    "X-Hub-Signature",
    `sha1=${opensslHmac("sha1", secret, request.body).toString("hex")}`,
  ]);
  assertOnlyGenuine(findProvider("github")!, signed, secret);
});

test("mailgun: what openssl signs is verified, and a good signature says nothing of the body", { skip }, () => {
  const { request, secret } = FIXTURES["mailgun"]!;
  const mailgun = findProvider("mailgun")!;
  const signature = {
    timestamp: seconds,
    token: "a8ce0edb",
    signature: opensslHmac("sha256", secret, `${seconds}a8ce0edb`).toString("hex"),
  };
  const withEvent = (event: string) => ({ ...request, body: Buffer.from(JSON.stringify({ signature, "event-data": { event } })) });
  for (const event of ["opened", "anything else"])
    assert.equal(mailgun.verify(withEvent(event), [{ name: "s", value: secret }], { now: NOW, toleranceMs: null }).verdict, "verified");
  assert.ok(!mailgun.covers.includes("body"));
  assert.equal(mailgun.verify(withEvent("opened"), [{ name: "s", value: "other" }], { now: NOW, toleranceMs: null }).cause, "wrong-secret");
  assert.equal(
    mailgun.verify(withEvent("opened"), [{ name: "s", value: secret }], { now: NOW + 301_000, toleranceMs: null }).cause,
    "expired",
  );
  const form = new URLSearchParams({ ...signature, event: "opened" });
  const legacy: WebhookRequest = {
    ...request,
    headers: [["Content-Type", "application/x-www-form-urlencoded"]],
    body: Buffer.from(form.toString()),
  };
  assert.equal(mailgun.verify(legacy, [{ name: "s", value: secret }], { now: NOW, toleranceMs: null }).verdict, "verified");
});

test(
  "standard-webhooks: Ed25519 signatures that openssl makes are verified by public and private key, beside v1 of another secret",
  { skip },
  () => {
    const { request } = FIXTURES["standard-webhooks"]!;
    const message = Buffer.concat([Buffer.from(`msg_1.${seconds}.`), request.body]);
    const pem = ed25519Private.export({ format: "pem", type: "pkcs8" }).toString();
    const v1a = `v1a,${opensslEd25519(pem, message).toString("base64")}`;
    const v1 = `v1,${opensslHmac("sha256", "some other key", message).toString("base64")}`;
    const seed = ed25519Private.export({ format: "der", type: "pkcs8" }).subarray(-32);
    const keys = [
      `whpk_${ed25519Public.toString("base64")}`,
      `whsk_${seed.toString("base64")}`,
      `whsk_${Buffer.concat([seed, ed25519Public]).toString("base64")}`,
    ];
    for (const key of keys)
      for (const signature of [v1a, `${v1} ${v1a}`, `${v1a} ${v1}`]) {
        const signed = withHeaders(request, ["webhook-id", "msg_1"], ["webhook-timestamp", seconds], ["webhook-signature", signature]);
        const provider = findProvider("standard-webhooks")!;
        const ask = (one: WebhookRequest) =>
          provider.verify(
            one,
            [
              { name: "hmac", value: WHSEC },
              { name: "key", value: key },
            ],
            { now: NOW, toleranceMs: null },
          );
        assert.equal(ask(signed).secretName, "key");
        assert.equal(ask({ ...signed, body: Buffer.from("{}") }).verdict, "failed");
      }
  },
);

const USUAL: HmacScheme = {
  kind: "hmac",
  algorithm: "sha256",
  encoding: "hex",
  header: "X-Signature",
  prefix: "",
  separator: null,
  template: "{body}",
  timestampHeader: null,
  timestampPrefix: null,
  timestampFormat: "seconds",
  idHeader: null,
  secretEncoding: "utf8",
};

test("any HMAC that can be set is verified as openssl makes it: every digest, encoding and way to write the key", { skip }, () => {
  const { request } = FIXTURES["typeform"]!;
  const key = Buffer.from("0123456789abcdef0123456789abcdef", "hex");
  const secrets = { utf8: "a key", base64: key.toString("base64"), hex: key.toString("hex") } as const;
  for (const algorithm of ["sha1", "sha256", "sha384", "sha512"] as const)
    for (const encoding of ["hex", "base64", "base64url"] as const)
      for (const secretEncoding of ["utf8", "base64", "hex"] as const) {
        const scheme = { ...USUAL, algorithm, encoding, secretEncoding, prefix: `${algorithm}=` };
        const signature = opensslHmac(algorithm, secretEncoding === "utf8" ? secrets.utf8 : key, request.body).toString(encoding);
        const signed = withHeaders(request, ["X-Signature", `${algorithm}=${signature}`]);
        assertOnlyGenuine(provide(scheme), signed, secrets[secretEncoding]);
      }
});

test("a template may take from the request whatever was signed", { skip }, () => {
  const { request } = FIXTURES["typeform"]!;
  const url = "https://hooks.example.com/in/a%20b/c?x=1&y=%2F";
  const expected = `POST|/in/a%20b/c|x=1&y=%2F|${url}|${seconds}|id-7|café|`;
  const template = "{method}|{path}|{query}|{url}|{timestamp}|{id}|{header:X-Shop}|{body}";
  const scheme = { ...USUAL, template, timestampHeader: "X-Time", idHeader: "X-Id" };
  const signature = opensslHmac("sha256", "k", Buffer.concat([Buffer.from(expected), request.body])).toString("hex");
  const latin1 = Buffer.from("café").toString("latin1"); // as Node reads header lines
  const signed = withHeaders({ ...request, url }, ["X-Time", seconds], ["X-Id", "id-7"], ["x-shop", latin1], ["x-signature", signature]);
  assertOnlyGenuine(provide(scheme), signed, "k");
});

function provide(scheme: HmacScheme): Provider {
  const made = createGenericProvider(scheme);
  assert.ok(made.ok, made.ok ? "" : made.refusal.message);
  return made.value;
}

function assertOnlyGenuine(provider: Provider, signed: WebhookRequest, secret: string): void {
  const ask = (request: WebhookRequest, value: string) =>
    provider.verify(
      request,
      [
        { name: "old", value: "an older one" },
        { name: "new", value },
      ],
      { now: NOW, toleranceMs: null },
    );
  const verdict = ask(signed, secret);
  assert.equal(verdict.verdict, "verified", verdict.message ?? "");
  assert.equal(verdict.secretName, "new");
  assert.equal(ask({ ...signed, body: Buffer.concat([signed.body, Buffer.from("x")]) }, secret).verdict, "failed");
  assert.notEqual(ask(signed, `${secret}x`).verdict, "verified");
}
