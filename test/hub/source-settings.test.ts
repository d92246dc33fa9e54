import assert from "node:assert/strict";
import { test } from "node:test";
import type { SourceChange } from "../../main/hub/sources.ts";
import { providerDirectory } from "../../main/webhooks/provider-directory.ts";
import { createTestHub } from "../support/test-hub.ts";

const TOKEN = { kind: "token", in: "header", name: "X-Token" } as const;

function setUp() {
  const { hub } = createTestHub({ providers: providerDirectory });
  const save = async (change: SourceChange): Promise<string> => {
    const saved = await hub.sources.save("shop", change);
    return saved.ok ? "ok" : saved.refusal.message;
  };
  return { hub, save };
}

test("a new source has no provider, takes everything, is not public, and knows a delivery for a week", async () => {
  const { hub } = setUp();
  const made = await hub.sources.save("shop");
  assert.ok(made.ok);
  const { provider, scheme, mode, public: isPublic, dedupeWindowMs, toleranceMs, secrets, detected, ack } = made.value;
  assert.deepEqual(
    { provider, scheme, mode, isPublic, dedupeWindowMs, toleranceMs, secrets, detected, ack },
    {
      provider: null,
      scheme: null,
      mode: "capture",
      isPublic: false,
      dedupeWindowMs: 604_800_000,
      toleranceMs: null,
      secrets: [],
      detected: null,
      ack: null,
    },
  );
});

test("what a change leaves out stays, and a known provider takes the scheme away", async () => {
  const { hub, save } = setUp();
  assert.equal(await save({ provider: "custom", scheme: TOKEN, mode: "gateway", public: true, toleranceMs: 0 }), "ok");
  assert.equal(await save({ dedupeWindowMs: 0 }), "ok");
  assert.equal(hub.sources.find("shop")?.mode, "gateway");
  assert.deepEqual(hub.sources.find("shop")?.scheme, TOKEN);
  assert.equal(await save({ provider: "github" }), "ok");
  const { scheme, mode, dedupeWindowMs, public: isPublic, toleranceMs } = hub.sources.find("shop")!;
  assert.deepEqual(
    { scheme, mode, dedupeWindowMs, isPublic, toleranceMs },
    { scheme: null, mode: "gateway", dedupeWindowMs: 0, isPublic: true, toleranceMs: 0 },
  );
});

test("settings that contradict each other are refused with what to do, and nothing of them is kept", async () => {
  const { hub, save } = setUp();
  const wrong: [SourceChange, RegExp][] = [
    [{ provider: "nobody" }, /no provider "nobody"/],
    [{ provider: "custom" }, /needs a scheme/],
    [{ provider: "github", scheme: TOKEN }, /for the provider "custom" alone/],
    [{ provider: "custom", scheme: { ...TOKEN, name: "bad name" } }, /cannot be a header's name/],
    [{ mode: "gateway" }, /a provider must be set first/],
    [{ dedupeWindowMs: 31 * 86_400_000 }, /30 days/],
    [{ dedupeWindowMs: 0.5 }, /whole number/],
    [{ toleranceMs: -1 }, /whole number/],
  ];
  for (const [change, why] of wrong) assert.match(await save(change), why, JSON.stringify(change));
  assert.equal(hub.sources.find("shop"), null);
});

test("of changes made at once none takes another back", async () => {
  const { hub, save } = setUp();
  assert.deepEqual(await Promise.all([save({ provider: "github" }), save({ mode: "gateway" }), save({ public: true })]), [
    "ok",
    "ok",
    "ok",
  ]);
  const { provider, mode, public: isPublic } = hub.sources.find("shop")!;
  assert.deepEqual({ provider, mode, isPublic }, { provider: "github", mode: "gateway", isPublic: true });
});

test("a secret that its provider cannot have is refused, and told nobody", async () => {
  const { hub } = setUp();
  await hub.sources.save("shop", { provider: "discord" });
  const added = await hub.sources.addSecret("shop", { name: "key", value: "no-public-key" });
  assert.ok(!added.ok);
  assert.equal(added.refusal.code, "PARAMS_INVALID");
  assert.match(added.refusal.message, /64 hex digits/);
  assert.doesNotMatch(JSON.stringify(added), /no-public-key/);
});

test("secrets go with their source", async () => {
  const { hub } = setUp();
  await hub.sources.save("shop");
  assert.ok((await hub.sources.addSecret("shop", { name: "key", value: "x" })).ok);
  await hub.sources.remove("shop");
  const again = await hub.sources.save("shop");
  assert.ok(again.ok && again.value.secrets.length === 0);
  const unknown = await hub.sources.addSecret("zoo", { name: "key", value: "x" });
  assert.equal(unknown.ok ? "ok" : unknown.refusal.code, "SOURCE_NOT_FOUND");
});
