import assert from "node:assert/strict";
import { test } from "node:test";
import { MAX_SECRET_CHARS, MAX_SOURCE_SECRETS } from "../../main/contract/source.ts";
import { createSecretsInMemory } from "../../main/hub/no-providers.ts";
import { createSourceSecrets } from "../../main/hub/source-secrets.ts";
import { createFakeClock } from "../support/fake-clock.ts";

function setUp() {
  const clock = createFakeClock();
  const secrets = createSourceSecrets({
    store: createSecretsInMemory(),
    now: () => clock.now(),
    faultOf: (_source, value) => (value === "bad" ? "The secret is bad." : null),
  });
  const values = () => secrets.values("shop").signature.map(({ name, value }) => [name, value]);
  return { clock, secrets, values };
}

test("several secrets are good at once, the newest first, and none of them is told", () => {
  const { clock, secrets, values } = setUp();
  assert.ok(secrets.add("shop", { name: "a", value: "1" }).ok);
  clock.advance(5);
  assert.ok(secrets.add("shop", { name: "b", value: "2" }).ok);
  assert.ok(secrets.add("shop", { name: "word", value: "hello", use: "handshake" }).ok);
  assert.deepEqual(values(), [
    ["b", "2"],
    ["a", "1"],
  ]);
  assert.deepEqual(secrets.values("shop").handshake, [{ name: "word", value: "hello" }]);
  assert.deepEqual(Object.keys(secrets.infos("shop")[0]!), ["name", "use", "addedAt", "expiresAt"]);
  assert.deepEqual(secrets.values("zoo"), { signature: [], handshake: [] });
});

test("after a rotation the old value is good until its time is over, and comes after the new one", () => {
  const { clock, secrets, values } = setUp();
  secrets.add("shop", { name: "main", value: "1" });
  assert.deepEqual(values(), [["main", "1"]]);
  clock.advance(10);
  assert.ok(secrets.rotate("shop", "main", "2", 1000).ok);
  assert.deepEqual(values(), [
    ["main", "2"],
    ["main.old", "1"],
  ]);
  assert.ok(secrets.rotate("shop", "main", "3", 1000).ok, "again within the overlap");
  assert.deepEqual(values(), [
    ["main", "3"],
    ["main.old", "2"],
  ]);
  clock.advance(1000);
  assert.deepEqual(values(), [["main", "3"]]);
  assert.ok(secrets.rotate("shop", "main", "4", 0).ok, "at once");
  assert.deepEqual(values(), [["main", "4"]]);
});

test("a removed secret is good no longer", () => {
  const { secrets, values } = setUp();
  secrets.add("shop", { name: "a", value: "1" });
  secrets.add("shop", { name: "b", value: "2" });
  assert.deepEqual(values().length, 2);
  assert.ok(secrets.remove("shop", "a").ok);
  assert.deepEqual(values(), [["b", "2"]]);
  secrets.forget("shop");
  assert.deepEqual(values(), []);
});

test("what is no secret, has no name, is there already or is not there is refused by its own code", () => {
  const { secrets } = setUp();
  secrets.add("shop", { name: "a", value: "1" });
  const codes = [
    secrets.add("shop", { name: "a", value: "2" }),
    secrets.add("shop", { name: "no name", value: "2" }),
    secrets.add("shop", { name: "b", value: "" }),
    secrets.add("shop", { name: "b", value: "x".repeat(MAX_SECRET_CHARS + 1) }),
    secrets.add("shop", { name: "b", value: "bad" }),
    secrets.rotate("shop", "b", "2"),
    secrets.rotate("shop", "a", "bad"),
    secrets.remove("shop", "b"),
  ].map((result) => (result.ok ? "ok" : result.refusal.code));
  assert.deepEqual(codes, [
    "SECRET_EXISTS",
    "PARAMS_INVALID",
    "PARAMS_INVALID",
    "PARAMS_INVALID",
    "PARAMS_INVALID",
    "SECRET_NOT_FOUND",
    "PARAMS_INVALID",
    "SECRET_NOT_FOUND",
  ]);
  assert.ok(secrets.add("shop", { name: "b", value: "bad", use: "handshake" }).ok, "a word for handshakes is no key");
});

test("there are only so many secrets of a source, also when they are rotated", () => {
  const { secrets, values } = setUp();
  for (let n = 0; n < MAX_SOURCE_SECRETS; n += 1) assert.ok(secrets.add("shop", { name: `s${n}`, value: `${n}` }).ok);
  const more = secrets.add("shop", { name: "more", value: "x" });
  assert.equal(more.ok ? "ok" : more.refusal.code, "SECRET_LIMIT");
  for (let n = 0; n < MAX_SOURCE_SECRETS; n += 1) secrets.rotate("shop", `s${n}`, `new ${n}`);
  assert.ok(values().length <= 2 * MAX_SOURCE_SECRETS);
  const again = secrets.rotate("shop", "s0.old", "y");
  assert.equal(again.ok ? "ok" : again.refusal.code, "SECRET_LIMIT");
});
