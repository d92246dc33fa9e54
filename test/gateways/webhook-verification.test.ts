import assert from "node:assert/strict";
import { createHmac, sign } from "node:crypto";
import { test, type TestContext } from "node:test";
import { generate } from "selfsigned";
import type { SourceChange } from "../../main/hub/sources.ts";
import { startTestIngress, type TestIngress, type TestIngressOptions } from "../support/test-ingress.ts";

const SECRET = "It's a Secret to Everybody";
const githubSignature = (body: string, secret = SECRET) => `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

interface Post {
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** An ingress with one source, and how to post to it. */
async function setUp(t: TestContext, change: SourceChange, secrets: readonly string[], options: TestIngressOptions = {}) {
  const ingress = await startTestIngress(t, options);
  const { sources } = ingress.hub;
  assert.ok((await sources.save("shop", change)).ok);
  for (const [index, value] of secrets.entries()) assert.ok((await sources.addSecret("shop", { name: `s${index}`, value })).ok);
  const post = async (body: string, { headers = {}, path = "" }: Post = {}) => {
    const answer = await fetch(`${ingress.url}/in/shop${path}`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", ...headers },
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  return { ...ingress, post };
}

/** What became of each event. */
const labels = ({ log }: Pick<TestIngress, "log">) =>
  log.events.map(({ state, verdict, verdictCause, refusal }) => [state, verdict, verdictCause, refusal]);

test("in capture mode everything is taken, answered as configured, published and labelled", async (t) => {
  const hub = await setUp(t, { provider: "github", answer: { status: 202 } }, [SECRET]);
  const heard: number[] = [];
  hub.hub.subscribe("webhooks/#", (event) => heard.push(event.seq));
  const body = '{"n":1.0,"u":"\\u00e9","path":"a\\/b"}';
  const sent = [
    { "x-hub-signature-256": githubSignature(body) },
    { "x-hub-signature-256": githubSignature(body, "other") },
    {},
    { "x-hub-signature-256": "sha256=zz" },
  ];
  for (const headers of sent) assert.equal((await hub.post(body, { headers: { ...headers, "x-github-event": "push" } })).status, 202);
  assert.deepEqual(
    labels(hub).map(([state, verdict, cause]) => [state, verdict, cause]),
    [
      ["accepted", "verified", null],
      ["accepted", "failed", "wrong-secret-or-body-modified"],
      ["accepted", "failed", "missing-header"],
      ["accepted", "failed", "malformed"],
    ],
  );
  assert.deepEqual(heard, [1, 2, 3, 4]);
  assert.equal(Buffer.from(hub.log.events[0]!.body).toString(), body);
  assert.equal(hub.log.events[0]!.topic, "webhooks/shop/push");
});

test("in gateway mode what is not verified is answered 401, kept as refused, and never published", async (t) => {
  const hub = await setUp(t, { provider: "github", mode: "gateway" }, [SECRET]);
  const heard: number[] = [];
  hub.hub.subscribe("#", (event) => heard.push(event.seq));
  assert.equal((await hub.post("{}", { headers: { "x-hub-signature-256": githubSignature("{}") } })).status, 200);
  const refused = await hub.post("{}", { headers: { "x-hub-signature-256": githubSignature("{}", "other") } });
  assert.equal(refused.status, 401);
  const { error } = JSON.parse(refused.text) as { error: { code: string; message: string } };
  assert.equal(error.code, "VERIFICATION_FAILED");
  assert.doesNotMatch(error.message, /secret|modified/, "a stranger is not told what was wrong");
  assert.equal((await hub.post("{}")).status, 401);
  assert.deepEqual(labels(hub), [
    ["accepted", "verified", null, null],
    ["refused", "failed", "wrong-secret-or-body-modified", "VERIFICATION_FAILED"],
    ["refused", "failed", "missing-header", "VERIFICATION_FAILED"],
  ]);
  assert.equal(hub.log.events[1]?.head?.status, 401);
  assert.deepEqual(heard, [1]);
  assert.equal(hub.hub.counters.refused.VERIFICATION_FAILED, 2);
});

test("a gateway without a secret takes nothing", async (t) => {
  const hub = await setUp(t, { provider: "github", mode: "gateway" }, []);
  assert.equal((await hub.post("{}", { headers: { "x-hub-signature-256": githubSignature("{}") } })).status, 401);
  assert.deepEqual(labels(hub), [["refused", "not-configured", null, "VERIFICATION_FAILED"]]);
});

test("every secret is tried, and a change of them or of the mode counts for the next request", async (t) => {
  const hub = await setUp(t, { provider: "github", mode: "gateway" }, ["first", "second"]);
  const statusWith = async (secret: string) =>
    (await hub.post("{}", { headers: { "x-hub-signature-256": githubSignature("{}", secret) } })).status;
  assert.deepEqual([await statusWith("first"), await statusWith("second"), await statusWith("third")], [200, 200, 401]);
  await hub.hub.sources.removeSecret("shop", "s0");
  await hub.hub.sources.rotateSecret("shop", "s1", "third");
  assert.deepEqual([await statusWith("first"), await statusWith("second"), await statusWith("third")], [401, 200, 200]);
  await hub.hub.sources.save("shop", { mode: "capture" });
  assert.equal(await statusWith("first"), 200);
});

test("a scheme of one's own verifies as a known provider does", async (t) => {
  const scheme = { kind: "token", in: "header", name: "X-Token" } as const;
  const hub = await setUp(t, { provider: "custom", scheme, mode: "gateway" }, ["s3cret"]);
  assert.equal((await hub.post("{}", { headers: { "x-token": "s3cret" } })).status, 200);
  assert.equal((await hub.post("{}", { headers: { "x-token": "other" } })).status, 401);
});

test("the URL that was dialled is what a signature over the URL is checked against", async (t) => {
  const hub = await setUp(t, { provider: "square", mode: "gateway" }, ["key"]);
  const signatureFor = (path: string) => createHmac("sha256", "key").update(`${hub.url}/in/shop${path}{}`).digest("base64");
  const headers = { "x-square-hmacsha256-signature": signatureFor("/orders?a=1") };
  assert.equal((await hub.post("{}", { headers, path: "/orders?a=1" })).status, 200);
  assert.equal((await hub.post("{}", { headers, path: "/orders?a=2" })).status, 401);
});

test("the type of an event may stand in the body, and becomes the end of the topic", async (t) => {
  const hub = await setUp(t, { provider: "stripe" }, []);
  await hub.post('{"id":"evt_1","type":"payment_intent.succeeded"}');
  await hub.post('{"id":"evt_2","type":"a+b #c"}');
  await hub.post("no json");
  assert.deepEqual(
    hub.log.events.map(({ topic }) => topic),
    ["webhooks/shop/payment_intent.succeeded", "webhooks/shop/a_b__c", "webhooks/shop/event"],
  );
});

test("a body too large to be verified is refused as such", async (t) => {
  const hub = await setUp(t, { provider: "github" }, [SECRET], { maxBodyBytes: 10 });
  const answer = await hub.post("x".repeat(100), { headers: { "x-hub-signature-256": githubSignature("x".repeat(100)) } });
  assert.equal(answer.status, 413);
  assert.deepEqual(labels(hub), [["refused", "unverifiable", "body-truncated", "BODY_TOO_LARGE"]]);
});

const TOPIC = "arn:aws:sns:us-west-2:123456789012:MyTopic";

/** A message of SNS, signed with a key that stands for Amazon's. */
async function createSns() {
  const { private: key, cert } = await generate([{ name: "commonName", value: "sns.amazonaws.com" }], {
    keySize: 2048,
    algorithm: "sha256",
  });
  const toBody = (fields: Readonly<Record<string, string>>): string => {
    const message: Record<string, string> = {
      MessageId: "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
      TopicArn: TOPIC,
      Timestamp: new Date().toISOString(),
      ...fields,
    };
    const content = Object.keys(message)
      .sort()
      .map((name) => `${name}\n${message[name]!}\n`)
      .join("");
    const Signature = sign("sha256", Buffer.from(content), key).toString("base64");
    const SigningCertURL = "https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";
    return JSON.stringify({ ...message, SignatureVersion: "2", Signature, SigningCertURL });
  };
  return { cert, toBody };
}

test("with its certificate a message of SNS is verified, without it nobody can say, and a gateway asks to be sent it again", async (t) => {
  const { cert, toBody } = await createSns();
  let reachable = true;
  const asked: string[] = [];
  const outside = {
    fetchCertificate: async (url: string) => {
      asked.push(url);
      return reachable ? cert : null;
    },
    visit: async () => false,
  };
  const hub = await setUp(t, { provider: "aws-sns", dedupeWindowMs: 0 }, [TOPIC], { outside });
  const body = toBody({ Type: "Notification", Message: "hello" });
  assert.equal((await hub.post(body)).status, 200);
  reachable = false;
  assert.equal((await hub.post(body)).status, 200);
  assert.equal((await hub.post(body.replace("sns.us-west-2.amazonaws.com", "evil.example"))).status, 200);
  await hub.hub.sources.save("shop", { mode: "gateway" });
  const later = await hub.post(body);
  assert.equal(later.status, 503);
  assert.ok(Number(later.headers.get("retry-after")) > 0);
  assert.deepEqual(labels(hub), [
    ["accepted", "verified", null, null],
    ["accepted", "unverifiable", "certificate-unavailable", null],
    ["accepted", "failed", "certificate-untrusted", null],
    ["refused", "unverifiable", "certificate-unavailable", "VERIFICATION_UNAVAILABLE"],
  ]);
  assert.deepEqual(new Set(asked), new Set(["https://sns.us-west-2.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"]));
});

test("a subscription of SNS is confirmed by a visit before it is answered; while that fails Amazon is to ask again", async (t) => {
  const { cert, toBody } = await createSns();
  const visited: string[] = [];
  const outside = {
    fetchCertificate: async () => cert,
    visit: async (url: string) => visited.push(url) > 1,
  };
  const hub = await setUp(t, { provider: "aws-sns", mode: "gateway" }, [TOPIC], { outside });
  const heard: number[] = [];
  hub.hub.subscribe("#", (event) => heard.push(event.seq));
  const SubscribeURL = `https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=2336`;
  const body = toBody({ Type: "SubscriptionConfirmation", Message: "You have chosen", Token: "2336", SubscribeURL });
  assert.equal((await hub.post(body)).status, 503);
  assert.equal((await hub.post(body)).status, 200);
  const foreign = toBody({ Type: "SubscriptionConfirmation", Message: "x", Token: "1", SubscribeURL, TopicArn: `${TOPIC}2` });
  assert.equal((await hub.post(foreign)).status, 401, "another's topic");
  assert.deepEqual(visited, [SubscribeURL, SubscribeURL]);
  assert.deepEqual(labels(hub), [
    ["refused", "verified", null, "HANDSHAKE_UNFINISHED"],
    ["handshake", "verified", null, null],
    ["refused", "failed", "not-allowed", "VERIFICATION_FAILED"],
  ]);
  assert.deepEqual(heard, []);
});

test("what cannot be judged, for a bug of ours, is kept all the same, and the hub goes on", async (t) => {
  const outside = { fetchCertificate: () => Promise.reject(new Error("a bug")), visit: async () => false };
  const hub = await setUp(t, { provider: "aws-sns" }, [TOPIC], { outside });
  const { toBody } = await createSns();
  assert.equal((await hub.post(toBody({ Type: "Notification", Message: "hello" }))).status, 500);
  assert.deepEqual(labels(hub), [["refused", "not-configured", null, "INTERNAL"]]);
  assert.equal((await hub.post("{}")).status, 200);
});

test("events are found by their verdict", async (t) => {
  const hub = await setUp(t, { provider: "github" }, [SECRET]);
  await hub.post("{}", { headers: { "x-hub-signature-256": githubSignature("{}") } });
  await hub.post("{}");
  const page = await hub.log.query({ filter: "verdict:failed" });
  assert.ok(page.ok);
  assert.deepEqual(
    page.value.events.map(({ seq, verdict, verdictCause }) => [seq, verdict, verdictCause]),
    [[2, "failed", "missing-header"]],
  );
});
