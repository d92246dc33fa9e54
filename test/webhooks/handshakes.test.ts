import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { HandshakeContext } from "../../main/webhooks/handshake.ts";
import { handshakeOf } from "../../main/webhooks/handshakes.ts";
import type { WebhookRequest } from "../../main/webhooks/provider.ts";
import { failed, NOT_CONFIGURED, verified } from "../../main/webhooks/verdict.ts";

const FAILED = failed("wrong-secret", "wrong");

function request(method: string, target = "", body = "", headers: Record<string, string> = {}): WebhookRequest {
  return { method, url: `https://hub.example/in/any${target}`, headers: Object.entries(headers), body: Buffer.from(body) };
}

function shake(provider: string | null, asked: WebhookRequest, more: Partial<HandshakeContext> = {}) {
  return handshakeOf({ request: asked, provider, secrets: [], words: [], verification: NOT_CONFIGURED, ...more });
}

/** Status, the one interesting header if any, and body. */
function answerTo(...asked: Parameters<typeof shake>): unknown {
  const handshake = shake(...asked);
  if (handshake === null) return null;
  return "refused" in handshake ? handshake.refused : [handshake.status, handshake.body];
}

const word = [{ name: "verify", value: "my word" }];
const key = [{ name: "key", value: "zoomkey" }];

test("Meta hears its challenge when it says the agreed word, and is refused when it does not", () => {
  const ask = (query: string) => request("GET", `?${query}`);
  const good = "hub.mode=subscribe&hub.verify_token=my%20word&hub.challenge=11%3C58";
  assert.deepEqual(answerTo("meta", ask(good), { words: word }), [200, "11<58"]);
  const handshake = shake("meta", ask(good), { words: word });
  assert.equal(handshake?.verification.verdict, "verified");
  assert.equal(answerTo("meta", ask(good.replace("my%20word", "other")), { words: word }), "HANDSHAKE_REFUSED");
  assert.equal(answerTo("meta", ask(good)), "HANDSHAKE_REFUSED", "no word is agreed");
  assert.equal(answerTo("meta", ask(good.replace("subscribe", "other")), { words: word }), null);
  assert.equal(answerTo("meta", ask(`${good}&hub.challenge=2`), { words: word }), null, "which one is meant?");
  assert.equal(answerTo("meta", request("POST", `?${good}`), { words: word }), null);
  assert.equal(answerTo(null, ask(good)), null, "nobody has said whom to expect");
  assert.equal(answerTo("github", ask(good), { words: word }), null);
});

test("WebSub's hub hears its challenge for the topic that was subscribed to", () => {
  const topic = [{ name: "feed", value: "https://blog.example/feed" }];
  const ask = request("GET", "?hub.mode=subscribe&hub.topic=https://blog.example/feed&hub.challenge=c&hub.lease_seconds=9");
  assert.deepEqual(answerTo("custom", ask, { words: topic }), [200, "c"]);
  assert.equal(answerTo("custom", ask, { words: word }), "HANDSHAKE_REFUSED");
});

test("what is echoed is plain text that no browser takes for a page", () => {
  const handshake = shake("dropbox", request("GET", "?challenge=%3Cscript%3Ealert(1)%3C/script%3E"));
  assert.ok(handshake && "headers" in handshake);
  assert.equal(handshake.body, "<script>alert(1)</script>");
  assert.deepEqual(handshake.headers, [
    ["Content-Type", "text/plain; charset=utf-8"],
    ["X-Content-Type-Options", "nosniff"],
  ]);
});

test("Slack hears its challenge, also where no provider is set", () => {
  const ask = request("POST", "", JSON.stringify({ token: "t", challenge: "3eZbrw1aB", type: "url_verification" }));
  for (const provider of ["slack", null]) assert.deepEqual(answerTo(provider, ask), [200, "3eZbrw1aB"]);
  assert.equal(shake("slack", ask, { verification: FAILED })?.verification, FAILED, "labelled as what it is");
  assert.equal(answerTo("github", ask), null);
  assert.equal(answerTo("slack", request("POST", "", '{"type":"event_callback","challenge":"x"}')), null);
  assert.equal(answerTo("slack", request("POST", "", '{"type":"url_verification"}')), null);
  assert.equal(answerTo("slack", request("POST", "", '{"type":"url_verification","challenge":["x"]}')), null);
});

test("Zoom hears its token signed, with the secret that fitted", () => {
  const ask = (plainToken: unknown) => request("POST", "", JSON.stringify({ event: "endpoint.url_validation", payload: { plainToken } }));
  const signed = (secret: string) => createHmac("sha256", secret).update("qgg8vlvZRS6UYooatFL8Aw").digest("hex");
  const expected = (secret: string) => [200, JSON.stringify({ plainToken: "qgg8vlvZRS6UYooatFL8Aw", encryptedToken: signed(secret) })];
  const token = ask("qgg8vlvZRS6UYooatFL8Aw");
  assert.deepEqual(answerTo("zoom", token, { secrets: key }), expected("zoomkey"));
  const two = { secrets: [{ name: "new", value: "new" }, ...key], verification: verified("key", null) };
  assert.deepEqual(answerTo("zoom", token, two), expected("zoomkey"));
  assert.equal(answerTo("zoom", token), null, "without a secret there is nothing to sign with");
  assert.equal(answerTo(null, token, { secrets: key }), null);
});

test("no handshake signs what could be a webhook", () => {
  const ask = (plainToken: string) => request("POST", "", JSON.stringify({ event: "endpoint.url_validation", payload: { plainToken } }));
  for (const token of ["v0:1700000000:{}", "v0:1:", "{}", 'a"b', "a b", "x".repeat(300), "\u00e9", "a\nb"])
    assert.equal(answerTo("zoom", ask(token), { secrets: key }), "HANDSHAKE_REFUSED", token);
  for (const token of ['{"direct_message_events":[]}', "[]", " "])
    assert.equal(answerTo("x", request("GET", `?crc_token=${encodeURIComponent(token)}`), { secrets: key }), "HANDSHAKE_REFUSED", token);
});

test("X hears its token signed", () => {
  const hash = createHmac("sha256", "zoomkey").update("9b4507b3").digest("base64");
  const ask = request("GET", "?crc_token=9b4507b3&nonce=1");
  assert.deepEqual(answerTo("x", ask, { secrets: key }), [200, JSON.stringify({ response_token: `sha256=${hash}` })]);
  assert.equal(answerTo("x", ask), null);
  assert.equal(answerTo(null, ask, { secrets: key }), null);
});

test("Dropbox hears its challenge; where no provider is set only when it says its name", () => {
  const ask = request("GET", "?challenge=abc");
  assert.deepEqual(answerTo("dropbox", ask), [200, "abc"]);
  assert.equal(answerTo(null, ask), null, "that could be anybody's");
  const named = request("GET", "?challenge=abc", "", { "user-agent": "DropboxWebhooks/1.0" });
  assert.deepEqual(answerTo(null, named), [200, "abc"]);
  assert.equal(answerTo("dropbox", request("POST", "?challenge=abc")), null);
});

test("Microsoft Graph hears its token, decoded, in an empty POST alone", () => {
  const ask = request("POST", "?validationToken=Validation%3a+Testing+client+application+reachability");
  for (const provider of ["microsoft-graph", null])
    assert.deepEqual(answerTo(provider, ask), [200, "Validation: Testing client application reachability"]);
  assert.equal(answerTo(null, request("POST", "?validationToken=a", "body")), null);
  assert.equal(answerTo(null, request("GET", "?validationToken=a")), null);
  assert.equal(answerTo("github", ask), null);
});

test("a sender of CloudEvents that asks is allowed, and told a rate when it asked for one", () => {
  const ask = (headers: Record<string, string>) => shake(null, request("OPTIONS", "", "", headers));
  const headersOf = (handshake: ReturnType<typeof ask>) => (handshake && "headers" in handshake ? handshake.headers : null);
  assert.deepEqual(headersOf(ask({ "webhook-request-origin": "eventemitter.example.com" })), [
    ["Allow", "POST"],
    ["WebHook-Allowed-Origin", "eventemitter.example.com"],
  ]);
  assert.deepEqual(headersOf(ask({ "WebHook-Request-Origin": "e.example", "WebHook-Request-Rate": "120" })), [
    ["Allow", "POST"],
    ["WebHook-Allowed-Origin", "e.example"],
    ["WebHook-Allowed-Rate", "*"],
  ]);
  assert.equal(ask({}), null, "any other OPTIONS is an event");
  assert.equal(ask({ "WebHook-Request-Origin": "two words" }), null);
});

test("Asana hears its secret back, in a header", () => {
  const ask = (headers: Record<string, string>) => shake(null, request("POST", "", "{}", headers));
  const handshake = ask({ "X-Hook-Secret": "abc123" });
  assert.ok(handshake && "headers" in handshake);
  assert.deepEqual(handshake.headers, [["X-Hook-Secret", "abc123"]]);
  assert.equal(ask({ "X-Hook-Secret": "abc123", "X-Hook-Signature": "00" }), null, "a webhook");
  assert.equal(ask({ "X-Hook-Secret": "\u00ff" }), null);
});

test("Discord's pings are answered as it wants each, and a wrong signature with 401", () => {
  const ping = request("POST", "", '{"version":1,"application_id":"1","type":0}');
  const good = { verification: verified("key", null) };
  assert.deepEqual(answerTo("discord", ping, good), [204, ""]);
  assert.deepEqual(answerTo("discord", request("POST", "", '{"type":1,"id":"1"}'), good), [200, '{"type":1}']);
  assert.equal(answerTo("discord", request("POST", "", '{"type":1,"event":{"type":"ENTITLEMENT_CREATE"}}'), good), null, "an event");
  assert.equal(answerTo("discord", request("POST", "", '{"type":2}'), good), null, "a command");
  assert.equal(answerTo("discord", ping, { verification: FAILED }), "VERIFICATION_FAILED");
  assert.equal(answerTo(null, ping), null);
});

test("Intercom's test notification is none", () => {
  assert.deepEqual(answerTo("intercom", request("POST", "", '{"type":"notification_event","topic":"ping"}')), [200, ""]);
  assert.equal(answerTo("intercom", request("POST", "", '{"type":"notification_event","topic":"user.created"}')), null);
});

test("a subscription of SNS is confirmed at Amazon alone, for a topic the source names", () => {
  const url =
    "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:us-west-2:123456789012:MyTopic&Token=2336412f37";
  const ask = (SubscribeURL: string, Type = "SubscriptionConfirmation") => request("POST", "", JSON.stringify({ Type, SubscribeURL }));
  const good = { verification: verified("MyTopic", null) };
  const handshake = shake("aws-sns", ask(url), good);
  assert.ok(handshake && "visit" in handshake);
  assert.equal(handshake.visit, url);
  assert.equal(answerTo("aws-sns", ask(url), { verification: verified(null, null) }), "HANDSHAKE_REFUSED", "no topic is named");
  assert.equal(answerTo("aws-sns", ask(url), { verification: FAILED }), null, "not Amazon's");
  assert.equal(answerTo("aws-sns", ask(url, "UnsubscribeConfirmation"), good), null, "to visit that would subscribe again");
  for (const other of [
    url.replace("https", "http"),
    url.replace("sns.us-west-2.amazonaws.com", "sns.us-west-2.amazonaws.com.evil.example"),
    url.replace("https://", "https://evil.example/"),
    url.replace("https://", "https://user@"),
    url.replace(".com/", ".com:8443/"),
    url.replace(".com/", ".com/other"),
    url.replace("sns.us-west-2", "s3.us-west-2"),
    "https://169.254.169.254/?Action=ConfirmSubscription&Token=1",
    "",
  ])
    assert.equal(answerTo("aws-sns", ask(other), good), "HANDSHAKE_REFUSED", other);
});

test("an ordinary request is no handshake of anybody's", () => {
  for (const provider of [
    null,
    "slack",
    "zoom",
    "meta",
    "dropbox",
    "microsoft-graph",
    "aws-sns",
    "discord",
    "x",
    "intercom",
    "custom",
    "github",
  ])
    for (const asked of [
      request("POST", "", '{"type":"order","id":1}'),
      request("GET", "?a=1"),
      request("OPTIONS"),
      request("POST", "", "\u0000\u00ff"),
    ])
      assert.equal(answerTo(provider, asked, { secrets: key, words: word, verification: verified("key", null) }), null, `${provider}`);
});
