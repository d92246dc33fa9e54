import assert from "node:assert/strict";
import { test } from "node:test";
import type { Source } from "../../main/contract/source.ts";
import { append, newEvent, testStores } from "../support/test-store.ts";

const shop: Source = {
  provider: "custom",
  scheme: { kind: "token", in: "header", name: "X-Token" },
  mode: "gateway",
  public: true,
  dedupeWindowMs: 1000,
  toleranceMs: 0,
  name: "shop",
  createdAt: 1_700_000_000_000,
  answer: {
    status: 202,
    headers: [
      ["X-A", "1"],
      ["x-a", "\u00fc"],
    ],
    body: "thanks",
    delayMs: 5,
  },
};

test("a source that was saved is there at once and after a restart", async (t) => {
  const stores = testStores(t);
  const store = await stores.open();
  assert.deepEqual(store.sources.all(), []);
  assert.deepEqual(await store.sources.save(shop), { ok: true, value: shop });
  const changed = { ...shop, name: "other", answer: { ...shop.answer, body: null } };
  await store.sources.save(changed);
  await store.sources.save({ ...shop, answer: { ...shop.answer, status: 204 } });
  const expected = [{ ...shop, answer: { ...shop.answer, status: 204 } }, changed];
  assert.deepEqual(new Set(store.sources.all()), new Set(expected));
  await store.close();
  const again = await stores.open();
  assert.deepEqual(new Set(again.sources.all()), new Set(expected));
});

test("a source that was removed is gone, also after a restart, and its events stay", async (t) => {
  const stores = testStores(t);
  const store = await stores.open();
  await store.sources.save(shop);
  await append(store.log, newEvent({ source: "shop" }));
  assert.deepEqual(await store.sources.remove("shop"), { ok: true, value: undefined });
  assert.deepEqual(await store.sources.remove("never-there"), { ok: true, value: undefined });
  assert.deepEqual(store.sources.all(), []);
  await store.close();
  const again = await stores.open();
  assert.deepEqual(again.sources.all(), []);
  const page = await again.log.query({ filter: "source:shop" });
  assert.ok(page.ok && page.value.events.length === 1);
});
