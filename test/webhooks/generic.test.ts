import assert from "node:assert/strict";
import { test } from "node:test";
import type { Verification } from "../../main/contract/verification.ts";
import type { HmacScheme, WebhookScheme } from "../../main/contract/webhook-scheme.ts";
import { createGenericProvider } from "../../main/webhooks/generic-provider.ts";
import type { WebhookRequest } from "../../main/webhooks/provider.ts";
import { signWebhook } from "../../main/webhooks/sign.ts";
import { NOW } from "./fixture.ts";

const REQUEST: WebhookRequest = {
  method: "POST",
  url: "https://hooks.example.com/in/x?a=1",
  headers: [["Content-Type", "application/json"]],
  body: Buffer.from("{}"),
};

const HMAC: HmacScheme = {
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

function ask(scheme: WebhookScheme, request: WebhookRequest, secret = "user:pässword", now = NOW): Verification {
  const made = createGenericProvider(scheme);
  assert.ok(made.ok, made.ok ? "" : made.refusal.message);
  return made.value.verify(
    request,
    [
      { name: "old", value: "x:y" },
      { name: "new", value: secret },
    ],
    { now, toleranceMs: null },
  );
}

const withHeader = (...headers: readonly (readonly [string, string])[]): WebhookRequest => ({
  ...REQUEST,
  headers: [...REQUEST.headers, ...headers],
});
const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString("base64")}`;

test("user and password are taken from Authorization, whatever its case", () => {
  for (const [name, value] of [
    ["Authorization", basic("user:pässword")],
    ["authorization", basic("user:pässword").replace("Basic", "BASIC")],
  ] as const)
    assert.deepEqual(
      [ask({ kind: "basic" }, withHeader([name, value])).verdict, ask({ kind: "basic" }, withHeader([name, value])).secretName],
      ["verified", "new"],
    );
  const causes: readonly (readonly [WebhookRequest, string])[] = [
    [REQUEST, "missing-header"],
    [withHeader(["Authorization", basic("user:other")]), "wrong-secret"],
    [withHeader(["Authorization", "Bearer x"]), "malformed"],
    [withHeader(["Authorization", "Basic"]), "malformed"],
    [withHeader(["Authorization", basic("user:pässword")], ["AUTHORIZATION", basic("user:pässword")]), "duplicate-header"],
  ];
  for (const [request, cause] of causes) assert.equal(ask({ kind: "basic" }, request).cause, cause);
});

test("a bearer token is taken from Authorization alone", () => {
  assert.equal(ask({ kind: "bearer" }, withHeader(["Authorization", "bearer t0ken"]), "t0ken").verdict, "verified");
  assert.equal(ask({ kind: "bearer" }, withHeader(["Authorization", "Bearer t0kenx"]), "t0ken").cause, "wrong-secret");
  assert.equal(ask({ kind: "bearer" }, withHeader(["Authorization", basic("t0ken:")]), "t0ken").cause, "malformed");
});

test("a token is taken from a header or a query parameter, once", () => {
  const header = { kind: "token", in: "header", name: "X-Token" } as const;
  assert.equal(ask(header, withHeader(["x-token", "a b"]), "a b").verdict, "verified");
  assert.equal(ask(header, withHeader(["X-Token", "a"], ["x-token", "a"]), "a").cause, "duplicate-header");
  const query = { kind: "token", in: "query", name: "key" } as const;
  const at = (url: string | null) => ask(query, { ...REQUEST, url }, "a b&c");
  assert.equal(at("https://h/in/x?key=a+b%26c#f").verdict, "verified");
  assert.equal(at("https://h/in/x?key=wrong").cause, "wrong-secret");
  assert.equal(at("https://h/in/x?other=1").cause, "missing-header");
  assert.equal(at("https://h/in/x?key=a&key=b").cause, "duplicate-header");
  assert.equal(at(null).cause, "url-unknown");
});

test("what can be verified can be signed", () => {
  const schemes: WebhookScheme[] = [
    { kind: "basic" },
    { kind: "bearer" },
    { kind: "token", in: "header", name: "X-Token" },
    { kind: "token", in: "query", name: "key" },
    HMAC,
    { ...HMAC, header: "X-Sig", prefix: "v1=", separator: ",", timestampPrefix: "t=", template: "{timestamp}.{body}" },
    { ...HMAC, template: "{method} {path}?{query}\n{timestamp}\n{body}", timestampHeader: "X-Time", timestampFormat: "rfc3339" },
    {
      ...HMAC,
      template: "{id}.{timestamp}.{body}",
      timestampHeader: "X-Time",
      timestampFormat: "milliseconds",
      idHeader: "X-Id",
      encoding: "base64",
    },
  ];
  for (const scheme of schemes) {
    const made = createGenericProvider(scheme);
    assert.ok(made.ok);
    const signed = signWebhook(made.value, REQUEST, "user:secret", NOW);
    assert.ok(signed.ok);
    assert.equal(ask(scheme, signed.value, "user:secret").verdict, "verified", JSON.stringify(scheme));
    assert.notEqual(ask(scheme, signed.value, "user:secrey").verdict, "verified");
    if (made.value.toleranceMs !== null) assert.equal(ask(scheme, signed.value, "user:secret", NOW + 301_000).cause, "expired");
  }
});

test("a time that is not signed is not looked at: anybody could write it", () => {
  const scheme: HmacScheme = { ...HMAC, timestampHeader: "X-Time" };
  const made = createGenericProvider(scheme);
  assert.ok(made.ok && made.value.toleranceMs === null);
  const signed = signWebhook(made.value, withHeader(["X-Time", "1"]), "user:secret", NOW);
  assert.ok(signed.ok);
  assert.equal(ask(scheme, signed.value, "user:secret").verdict, "verified");
});

test("a scheme that cannot be meant is refused with a sentence that names what is wrong", () => {
  const wrong: readonly (readonly [WebhookScheme, RegExp])[] = [
    [{ ...HMAC, template: "{boddy}" }, /"\{boddy\}" stands for nothing/],
    [{ ...HMAC, template: "{header:bad name}" }, /stands for nothing/],
    [{ ...HMAC, template: "{constructor}" }, /stands for nothing/],
    [{ ...HMAC, template: "body" }, /takes nothing from the request/],
    [{ ...HMAC, template: "{timestamp}{body}" }, /no header is named/],
    [{ ...HMAC, template: "{id}{body}" }, /no header is named/],
    [{ ...HMAC, timestampPrefix: "t=" }, /nothing is named that parts them/],
    [{ ...HMAC, header: "X Signature" }, /cannot be a header's name/],
    [{ ...HMAC, header: "" }, /cannot be a header's name/],
    [{ ...HMAC, idHeader: "a\nb" }, /cannot be a header's name/],
    [{ kind: "token", in: "header", name: "é" }, /cannot be a header's name/],
    [{ kind: "token", in: "query", name: "" }, /has no name/],
  ];
  for (const [scheme, message] of wrong) {
    const made = createGenericProvider(scheme);
    assert.ok(!made.ok && made.refusal.code === "PARAMS_INVALID");
    assert.match(made.refusal.message, message);
  }
});

test("what a good signature vouches for is read from the template", () => {
  const covers = (scheme: WebhookScheme) => {
    const made = createGenericProvider(scheme);
    return made.ok ? made.value.covers : null;
  };
  assert.deepEqual(covers({ ...HMAC, template: "{timestamp}.{body}", timestampHeader: "X-Time" }), ["body", "time"]);
  assert.deepEqual(covers({ ...HMAC, template: "{method}{url}" }), ["url", "method"]);
  assert.deepEqual(covers({ kind: "bearer" }), []);
});

test("the delivery's id and the event's type are taken from the usual headers", () => {
  const made = createGenericProvider(HMAC);
  assert.ok(made.ok);
  const request = withHeader(["ce-id", "late"], ["Idempotency-Key", "k1"], ["X-Event-Type", "made"]);
  assert.deepEqual([made.value.deliveryId(request), made.value.eventType(request)], ["k1", "made"]);
  assert.deepEqual([made.value.deliveryId(REQUEST), made.value.eventType(REQUEST)], [null, null]);
});
