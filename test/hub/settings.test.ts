import assert from "node:assert/strict";
import { test } from "node:test";
import { KEEP_EVERYTHING } from "../../main/contract/settings.ts";
import { createMemoryState } from "../support/memory-state.ts";
import { createTestHub } from "../support/test-hub.ts";

const keeping = { retention: { ...KEEP_EVERYTHING, keepEvents: 10 }, record: [{ filter: "debug/#", policy: "none" as const }] };

test("what is kept is what the settings file says, until it is changed; the change outlives a restart", async () => {
  const state = createMemoryState();
  const { hub } = createTestHub({ state, keeping });
  assert.deepEqual(hub.settings.get(), { ...keeping, changed: false });
  const saved = await hub.settings.save({ retention: { keepForMs: 5000, keepEvents: null } });
  const expected = { retention: { keepForMs: 5000, keepEvents: null, keepBytes: null }, record: keeping.record, changed: true };
  assert.deepEqual(saved, { ok: true, value: expected });
  const again = createTestHub({ state, keeping });
  assert.deepEqual(again.hub.settings.get(), expected);
  const reset = await again.hub.settings.reset();
  assert.deepEqual(reset, { ok: true, value: { ...keeping, changed: false } });
  assert.deepEqual(createTestHub({ state, keeping }).hub.settings.get().changed, false);
});

test("a change that cannot be is refused with a sentence, and changes nothing", async () => {
  const { hub } = createTestHub({ keeping });
  const wrong = await hub.settings.save({ record: [{ filter: "a/#/b", policy: "none" }] });
  assert.ok(!wrong.ok && wrong.refusal.code === "TOPIC_INVALID");
  const small = await hub.settings.save({ retention: { keepBytes: 5 } });
  assert.ok(!small.ok && small.refusal.code === "PARAMS_INVALID");
  assert.match(small.refusal.message, /"keepBytes" must be a whole number from 1048576/);
  assert.deepEqual(hub.settings.get(), { ...keeping, changed: false });
});
