import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { SourceInfo } from "../../main/contract/calls.ts";
import type { EventDetail } from "../../main/contract/event.ts";
import type { ProviderInfo } from "../../main/contract/webhook-provider.ts";
import { COMPONENTS, RESULT_SCHEMAS } from "../../main/inspector/rest/result-schemas.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly value: unknown;
}

async function start(t: TestContext, env: Readonly<Record<string, string>> = {}, dataFolder = tempFolder(t)) {
  const hub = await startHub({ env, dataFolder });
  t.after(() => hub.stop());
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${hub.inspector}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${hub.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, value: text === "" ? null : JSON.parse(text) };
  };
  return { hub, ask, dataFolder };
}

const post = (hub: TestHub, path: string, headers: Record<string, string>, body = "{}") =>
  fetch(`${hub.ingress}${path}`, { method: "POST", headers, body });

test("a source is set by REST, its secrets by calls of their own, and no answer, log or file of the log ever holds one", async (t) => {
  const { hub, ask, dataFolder } = await start(t, { SIGNALBOX_LOG: "debug" });
  const answers = [
    await ask("POST", "/sources", {
      name: "shop",
      provider: "github",
      mode: "gateway",
      public: true,
      dedupeWindowMs: 60_000,
      toleranceMs: 1000,
    }),
    await ask("POST", "/sources/shop/secrets", { secret: "main", value: "s3cret-one" }),
    await ask("POST", "/sources/shop/secrets", { secret: "main", value: "s3cret-two" }),
    await ask("PUT", "/sources/shop/secrets/main", { value: "s3cret-three", overlapMs: 60_000 }),
    await ask("POST", "/sources/shop/secrets", { secret: "word", value: "s3cret-four", use: "handshake" }),
    await ask("POST", "/sources/shop/secrets", { secret: "long", value: `s3cret${"x".repeat(20_000)}` }),
    await ask("POST", "/sources/shop/secrets", { secret: "main", value: ["s3cret-five"] }),
    await ask("GET", "/sources/shop"),
    await ask("GET", "/sources"),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [201, 201, 409, 200, 201, 400, 400, 200, 200],
  );
  const source = answers[7]!.value as SourceInfo;
  assert.deepEqual(COMPONENTS["Source"]!.parse(source), source);
  const { provider, mode, public: isPublic, dedupeWindowMs, toleranceMs, secrets } = source;
  assert.deepEqual(
    { provider, mode, isPublic, dedupeWindowMs, toleranceMs },
    { provider: "github", mode: "gateway", isPublic: true, dedupeWindowMs: 60_000, toleranceMs: 1000 },
  );
  assert.deepEqual(
    secrets.map(({ name, use, expiresAt }) => [name, use, expiresAt === null]),
    [
      ["word", "handshake", true],
      ["main", "signature", true],
      ["main.old", "signature", false],
    ],
  );
  await post(hub, "/in/shop", { "x-hub-signature-256": "sha256=00" });
  for (const { text } of answers) assert.doesNotMatch(text, /s3cret/);
  await hub.stop();
  assert.doesNotMatch(hub.stderr(), /s3cret/);
  for (const file of readdirSync(dataFolder)) {
    const path = join(dataFolder, file);
    if (!statSync(path).isFile()) continue;
    assert.equal(statSync(path).mode & 0o077, 0, `${file} is its owner's alone`);
    assert.equal(readFileSync(path).includes("s3cret"), file === "source-secrets.json", file);
  }
});

test("settings and secrets are there after a restart; a removed secret, and those of a removed source, are gone", async (t) => {
  const first = await start(t);
  await first.ask("PUT", "/sources/shop", {
    provider: "custom",
    scheme: { kind: "token", in: "header", name: "X-Token" },
    mode: "gateway",
  });
  await first.ask("POST", "/sources/shop/secrets", { secret: "a", value: "one" });
  await first.ask("POST", "/sources/shop/secrets", { secret: "b", value: "two" });
  assert.equal((await first.ask("DELETE", "/sources/shop/secrets/b")).status, 204);
  assert.equal((await first.ask("DELETE", "/sources/shop/secrets/b")).status, 404);
  await first.hub.stop();
  const { hub, ask } = await start(t, {}, first.dataFolder);
  const { scheme, secrets } = (await ask("GET", "/sources/shop")).value as SourceInfo;
  assert.deepEqual(scheme, { kind: "token", in: "header", name: "X-Token" });
  assert.deepEqual(
    secrets.map(({ name }) => name),
    ["a"],
  );
  assert.equal((await post(hub, "/in/shop", { "x-token": "one" })).status, 200);
  assert.equal((await post(hub, "/in/shop", { "x-token": "two" })).status, 401);
  assert.equal((await ask("DELETE", "/sources/shop")).status, 204);
  await ask("PUT", "/sources/shop", {});
  assert.deepEqual(((await ask("GET", "/sources/shop")).value as SourceInfo).secrets, []);
});

test("providers are listed with what a person has to know of each, and a wrong one is refused", async (t) => {
  const { ask } = await start(t);
  const { value } = await ask("GET", "/providers");
  assert.deepEqual(RESULT_SCHEMAS["providers.list"].parse(value), value);
  const { providers } = value as { providers: ProviderInfo[] };
  assert.ok(providers.length >= 25);
  assert.ok(providers.some(({ id, secret }) => id === "stripe" && secret.help.length > 0));
  const refused = await ask("PUT", "/sources/shop", { provider: "nobody" });
  assert.equal(refused.status, 400);
  assert.match(refused.text, /PARAMS_INVALID/);
  assert.equal((await ask("PUT", "/sources/shop", { mode: "other" })).status, 400);
  assert.equal((await ask("PUT", "/sources/shop", { scheme: { kind: "other" } })).status, 400);
});

test("of a source without a provider it is told whose requests come, and of each event whose it looks like", async (t) => {
  const first = await start(t);
  const stripe = (await (await post(first.hub, "/in/open", { "stripe-signature": "t=1,v1=00" }, '{"id":"evt_1"}')).json()) as {
    id: string;
  };
  const graphBody = '{"value":[{"subscriptionId":"s","changeType":"updated","clientState":"x"}]}';
  const graph = (await (await post(first.hub, "/in/other", {}, graphBody)).json()) as { id: string };
  const plain = (await (await post(first.hub, "/in/plain", {})).json()) as { id: string };
  const detectedOf = async (ask: typeof first.ask): Promise<unknown> => {
    const { sources } = (await ask("GET", "/sources")).value as { sources: SourceInfo[] };
    return sources.map(({ name, detected }) => [name, detected?.id ?? null, detected?.confidence ?? null]);
  };
  const expected = [
    ["open", "stripe", "certain"],
    ["other", "microsoft-graph", "certain"],
    ["plain", null, null],
  ];
  assert.deepEqual(await detectedOf(first.ask), expected);
  const webhookOf = async (id: string): Promise<EventDetail["webhook"]> =>
    ((await first.ask("GET", `/events/${id}`)).value as EventDetail).webhook;
  assert.deepEqual((await webhookOf(stripe.id))?.detected, { id: "stripe", name: "Stripe", confidence: "certain" });
  assert.equal((await webhookOf(stripe.id))?.budgetMs, 10_000);
  assert.equal((await webhookOf(graph.id))?.detected?.id, "microsoft-graph");
  assert.equal((await webhookOf(plain.id))?.detected, null);
  await first.ask("PUT", "/sources/open", { provider: "github" });
  await first.hub.stop();
  const second = await start(t, {}, first.dataFolder);
  assert.deepEqual(await detectedOf(second.ask), [["open", null, null], ...expected.slice(1)], "what is set need not be offered");
});

test("how long senders wait is told for each source, against what its provider allows, and for each event", async (t) => {
  const { hub, ask } = await start(t);
  await ask("PUT", "/sources/slow", { provider: "slack", answer: { delayMs: 120 } });
  const { id } = (await (await post(hub, "/in/slow", {})).json()) as { id: string };
  const { ack } = (await ask("GET", "/sources/slow")).value as SourceInfo;
  assert.ok(ack && ack.p50Ms >= 100 && ack.p99Ms >= 100 && ack.maxMs >= 100, JSON.stringify(ack));
  assert.deepEqual([ack.count, ack.budgetMs, ack.late], [1, 3000, 0]);
  const { webhook } = (await ask("GET", `/events/${id}`)).value as EventDetail;
  assert.ok(webhook?.ackMs != null && webhook.ackMs >= 100);
  assert.equal(webhook.budgetMs, 3000);
});

test("why an event was not verified is told with it, in a sentence, also after a restart", async (t) => {
  const first = await start(t);
  await first.ask("PUT", "/sources/shop", { provider: "github" });
  await first.ask("POST", "/sources/shop/secrets", { secret: "main", value: "s3cret" });
  const { id } = (await (await post(first.hub, "/in/shop", { "x-github-event": "push" })).json()) as { id: string };
  await first.hub.stop();
  const { ask } = await start(t, {}, first.dataFolder);
  const { value } = await ask("GET", `/events/${id}`);
  assert.deepEqual(COMPONENTS["EventDetail"]!.parse(value), value);
  const { verdict, verdictCause, verdictMessage } = value as EventDetail;
  assert.deepEqual([verdict, verdictCause], ["failed", "missing-header"]);
  assert.match(verdictMessage ?? "", /no header X-Hub-Signature-256/);
});
