import assert from "node:assert/strict";
import { test } from "node:test";
import type { WebhookRequest } from "../../main/webhooks/provider.ts";
import { deliveryIdOf } from "../../main/webhooks/delivery-id.ts";
import { detectProviders } from "../../main/webhooks/detect.ts";
import { PROVIDERS, findProvider, toProviderInfo } from "../../main/webhooks/providers.ts";
import { FIXTURES } from "./fixtures.ts";

const ids = (request: WebhookRequest): string[] => detectProviders(request).map(({ provider }) => provider.id);

test("every provider has an example, and a request of each is taken for that provider's alone", () => {
  assert.deepEqual(Object.keys(FIXTURES).sort(), PROVIDERS.map(({ id }) => id).sort());
  for (const [id, { request }] of Object.entries(FIXTURES)) assert.deepEqual(ids(request), [id]);
});

test("the case in which headers are written makes no difference", () => {
  for (const [id, { request }] of Object.entries(FIXTURES))
    for (const write of [(name: string) => name.toLowerCase(), (name: string) => name.toUpperCase()])
      assert.deepEqual(ids({ ...request, headers: request.headers.map(([name, value]) => [write(name), value] as const) }), [id]);
});

test("what nobody known sends is nobody's", () => {
  const { url, body } = FIXTURES["stripe"]!.request;
  const others: WebhookRequest["headers"][] = [
    [],
    [
      ["Content-Type", "application/json"],
      ["User-Agent", "curl/8.5.0"],
      ["Accept", "*/*"],
    ],
    [
      ["Authorization", "Bearer x"],
      ["ce-type", "com.example.made"],
      ["ce-id", "1"],
      ["ce-source", "/"],
      ["ce-specversion", "1.0"],
    ],
    [
      ["X-Signature", "abc"],
      ["X-Timestamp", "1"],
      ["X-Request-Id", "7"],
      ["Idempotency-Key", "k"],
    ],
    [
      ["X-Gitea-Event", "push"],
      ["X-GitHub-Event", "push"],
      ["X-GitHub-Delivery", "1"],
      ["X-Hub-Signature-256", "sha256=0"],
    ],
  ];
  for (const headers of others) assert.deepEqual(ids({ method: "POST", url, headers, body }), [], JSON.stringify(headers));
});

test("hostile bodies are nobody's, and break nothing", () => {
  for (const text of [
    "",
    "null",
    "[]",
    "[null]",
    "{",
    '{"value":[{}]}',
    '{"signature":1}',
    "\u0000",
    '{"__proto__":{"id":1}}',
    "[".repeat(5000),
  ]) {
    const request: WebhookRequest = { method: "POST", url: null, headers: [], body: Buffer.from(text) };
    assert.deepEqual(ids(request), []);
    for (const provider of PROVIDERS) {
      provider.eventType(request);
      assert.doesNotThrow(() => provider.verify(request, [{ name: "s", value: "x" }], { now: 0, toleranceMs: null }));
    }
  }
});

test("the delivery's id and the event's type are read as each provider writes them", () => {
  for (const [id, { request, deliveryId, eventType }] of Object.entries(FIXTURES)) {
    const provider = findProvider(id)!;
    const found = deliveryIdOf(provider, request);
    if (deliveryId instanceof RegExp) assert.match(found ?? "", deliveryId, id);
    else assert.equal(found, deliveryId, id);
    assert.equal(provider.eventType(request), eventType, id);
  }
});

test("a batch has one id for all its events, in any order, and none when one has none", () => {
  const batch = (events: unknown) => ({ ...FIXTURES["sendgrid"]!.request, body: Buffer.from(JSON.stringify(events)) });
  const sendgrid = findProvider("sendgrid")!;
  const both = sendgrid.deliveryId(batch([{ sg_event_id: "a" }, { sg_event_id: "b" }]));
  assert.match(both ?? "", /^2:[0-9a-f]{64}$/);
  assert.equal(sendgrid.deliveryId(batch([{ sg_event_id: "b" }, { sg_event_id: "a" }])), both);
  assert.equal(sendgrid.deliveryId(batch([{ sg_event_id: "a" }, {}])), null);
  assert.equal(sendgrid.deliveryId(batch([])), null);
});

test("an attempt that is repeated has the same id though its signature and attempt number differ", () => {
  const hubspot = findProvider("hubspot")!;
  const { request, deliveryId } = FIXTURES["hubspot"]!;
  const again = { ...request, body: Buffer.from(Buffer.from(request.body).toString().replace('"attemptNumber":0', '"attemptNumber":3')) };
  assert.equal(hubspot.deliveryId(again), deliveryId);
});

test("ids longer than can be kept are kept as their digest; ids too long to be exact numbers are not used", () => {
  const { request } = FIXTURES["typeform"]!;
  const typeform = findProvider("typeform")!;
  const withId = (id: string) => ({ ...request, body: Buffer.from(`{"event_id":${id}}`) });
  assert.match(deliveryIdOf(typeform, withId(`"${"x".repeat(500)}"`)) ?? "", /^sha256:/);
  assert.equal(deliveryIdOf(typeform, withId("12345678901234567890")), null);
  assert.equal(deliveryIdOf(typeform, withId("42")), "42");
});

test("calls of Twilio that ask again in the same state are not taken for one", () => {
  const { request } = FIXTURES["twilio"]!;
  const call = {
    ...request,
    headers: request.headers.filter(([name]) => name !== "I-Twilio-Idempotency-Token"),
    body: Buffer.from("CallSid=CA1&CallStatus=in-progress&Digits=1"),
  };
  assert.equal(findProvider("twilio")!.deliveryId(call), null);
  assert.equal(findProvider("twilio")!.eventType(call), "call.in-progress");
});

test("Slack's commands and buttons have an id and a type too", () => {
  const slack = findProvider("slack")!;
  const form = (body: string): WebhookRequest => ({
    method: "POST",
    url: null,
    headers: [["Content-Type", "application/x-www-form-urlencoded"]],
    body: Buffer.from(body),
  });
  assert.equal(slack.deliveryId(form("command=%2Fweather&trigger_id=13345224609")), "13345224609");
  assert.equal(slack.eventType(form("command=%2Fweather&trigger_id=13345224609")), "/weather");
  const button = form(`payload=${encodeURIComponent('{"type":"block_actions","trigger_id":"9.8"}')}`);
  assert.equal(slack.deliveryId(button), "9.8");
  assert.equal(slack.eventType(button), "block_actions");
});

test("what is told of a provider holds words for a person and no functions", () => {
  for (const info of PROVIDERS.map(toProviderInfo)) {
    assert.deepEqual(JSON.parse(JSON.stringify(info)), info);
    assert.ok(info.secret.label && info.secret.help && info.evidence && info.docs.startsWith("https://"), info.id);
  }
});
