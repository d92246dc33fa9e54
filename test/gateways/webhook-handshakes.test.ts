import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { startTestIngress } from "../support/test-ingress.ts";

test("a handshake is answered after its commit, kept as one, and never published", async (t) => {
  const { hub, log, url } = await startTestIngress(t);
  const heard: number[] = [];
  hub.subscribe("#", (event) => heard.push(event.seq));
  await hub.sources.save("meta", { provider: "meta", answer: { status: 418, delayMs: 20_000 } });
  await hub.sources.addSecret("meta", { name: "verify", value: "word", use: "handshake" });
  const answer = await fetch(`${url}/in/meta?hub.mode=subscribe&hub.verify_token=word&hub.challenge=1158201444`);
  assert.equal(answer.status, 200);
  assert.equal(await answer.text(), "1158201444");
  assert.equal(answer.headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(answer.headers.get("x-content-type-options"), "nosniff");
  const wrong = await fetch(`${url}/in/meta?hub.mode=subscribe&hub.verify_token=other&hub.challenge=1`);
  assert.equal(wrong.status, 403);
  assert.equal(((await wrong.json()) as { error: { code: string } }).error.code, "HANDSHAKE_REFUSED");
  assert.deepEqual(
    log.events.map(({ state, verdict, topic, head, refusal }) => [state, verdict, topic, head?.status, refusal]),
    [
      ["handshake", "verified", "webhooks/meta/handshake", 200, null],
      ["refused", "failed", "webhooks/meta/event", 403, "HANDSHAKE_REFUSED"],
    ],
  );
  assert.deepEqual(heard, []);
  assert.deepEqual(hub.counters.events.webhook, { accepted: 0, duplicate: 0, refused: 1, handshake: 1 });
});

test("where no provider is set, what is unmistakable and needs no secret is answered", async (t) => {
  const { log, url } = await startTestIngress(t);
  const slack = await fetch(`${url}/in/any`, { method: "POST", body: '{"type":"url_verification","challenge":"c"}' });
  assert.equal(await slack.text(), "c");
  const graph = await fetch(`${url}/in/any?validationToken=a%20b`, { method: "POST" });
  assert.equal(await graph.text(), "a b");
  const events = await fetch(`${url}/in/any`, {
    method: "OPTIONS",
    headers: { "WebHook-Request-Origin": "e.example", "WebHook-Request-Rate": "120" },
  });
  assert.equal(events.headers.get("webhook-allowed-origin"), "e.example");
  assert.equal(events.headers.get("webhook-allowed-rate"), "*");
  const asana = await fetch(`${url}/in/any`, { method: "POST", headers: { "X-Hook-Secret": "s" }, body: "{}" });
  assert.equal(asana.headers.get("x-hook-secret"), "s");
  const other = await fetch(`${url}/in/any?hub.mode=subscribe&hub.verify_token=w&hub.challenge=1`);
  assert.deepEqual(await other.json(), { id: log.events.at(-1)?.id, seq: 5 });
  assert.deepEqual(
    log.events.map(({ state }) => state),
    ["handshake", "handshake", "handshake", "handshake", "accepted"],
  );
});

test("a gateway answers a signed handshake only when its signature fits", async (t) => {
  const { hub, log, url } = await startTestIngress(t);
  await hub.sources.save("zoom", { provider: "zoom", mode: "gateway" });
  await hub.sources.addSecret("zoom", { name: "key", value: "secret" });
  const body = '{"event":"endpoint.url_validation","payload":{"plainToken":"abc"}}';
  const ask = (secret: string) => {
    const time = String(Math.floor(Date.now() / 1000));
    const signature = createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex");
    return fetch(`${url}/in/zoom`, {
      method: "POST",
      body,
      headers: { "x-zm-signature": `v0=${signature}`, "x-zm-request-timestamp": time },
    });
  };
  const good = await ask("secret");
  assert.deepEqual(await good.json(), {
    plainToken: "abc",
    encryptedToken: createHmac("sha256", "secret").update("abc").digest("hex"),
  });
  assert.equal((await ask("other")).status, 401);
  assert.deepEqual(
    log.events.map(({ state, verdict }) => [state, verdict]),
    [
      ["handshake", "verified"],
      ["refused", "failed"],
    ],
  );
});

test("Discord gets its 401 for a wrong signature in capture mode too", async (t) => {
  const { hub, log, url } = await startTestIngress(t);
  await hub.sources.save("discord", { provider: "discord" });
  await hub.sources.addSecret("discord", { name: "key", value: "a".repeat(64) });
  const headers = { "X-Signature-Ed25519": "0".repeat(128), "X-Signature-Timestamp": String(Math.floor(Date.now() / 1000)) };
  const answer = await fetch(`${url}/in/discord`, { method: "POST", body: '{"type":1}', headers });
  assert.equal(answer.status, 401);
  assert.deepEqual(
    log.events.map(({ state, verdict }) => [state, verdict]),
    [["refused", "failed"]],
  );
});
