import assert from "node:assert/strict";
import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { test } from "node:test";
import { createLoginLimit } from "../../main/inspector/access/login-limit.ts";
import { createLoginTokens } from "../../main/inspector/access/login-tokens.ts";
import { createTokens } from "../../main/inspector/access/tokens.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { startTestInspector, TEST_TOKEN, type TestInspector } from "../support/test-inspector.ts";

const DAY_MS = 24 * 3600 * 1000;
const now = () => 1_700_000_000_000;

test("the master token opens, and nothing near it", () => {
  const tokens = createTokens("master", now);
  assert.ok(tokens.accepts("master"));
  for (const near of ["", "maste", "masterx", "Master", "master ", "m\u0000aster"]) assert.ok(!tokens.accepts(near), near);
});

test("tokens are compared in constant time, as digests of one length", (t) => {
  const compare = t.mock.method(crypto, "timingSafeEqual");
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  const tokens = createTokens("master", now);
  const session = tokens.issueSession().token;
  for (const given of ["x", "a much longer token than the master is", session, `${session.slice(0, -1)}_`]) {
    const before = compare.mock.callCount();
    tokens.accepts(given);
    assert.ok(compare.mock.callCount() > before, given);
  }
  for (const call of compare.mock.calls) assert.deepEqual([call.arguments[0].byteLength, call.arguments[1].byteLength], [32, 32]);
});

test("a session token lives thirty days, outlives a restart, and dies with the master token", () => {
  const clock = createFakeClock();
  const { token, expiresAt } = createTokens("master", () => clock.now()).issueSession();
  assert.equal(expiresAt, clock.now() + 30 * DAY_MS);
  const restarted = createTokens("master", () => clock.now());
  const changed = createTokens("another", () => clock.now());
  assert.ok(restarted.accepts(token));
  assert.ok(!restarted.isMaster(token));
  assert.ok(!changed.accepts(token));
  clock.advance(30 * DAY_MS - 1);
  assert.ok(restarted.accepts(token));
  clock.advance(1);
  assert.ok(!restarted.accepts(token));
});

test("a session token that was changed anywhere is refused", () => {
  const tokens = createTokens("master", now);
  const { token, expiresAt } = tokens.issueSession();
  assert.ok(!tokens.accepts(token.replace(String(expiresAt), String(expiresAt + 1))));
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === "A" ? "B" : "A";
    assert.ok(!tokens.accepts(token.slice(0, at) + other + token.slice(at + 1)), `changed at ${at}`);
  }
});

test("a login token is good once, for ten minutes, and only the newest 32 are", () => {
  const clock = createFakeClock();
  const logins = createLoginTokens(() => clock.now());
  const first = logins.create();
  assert.ok(logins.redeem(first));
  assert.ok(!logins.redeem(first));
  const late = logins.create();
  clock.advance(10 * 60_000);
  assert.ok(!logins.redeem(late));
  const crowd = Array.from({ length: 33 }, () => logins.create());
  assert.deepEqual(
    crowd.map((token) => logins.redeem(token)),
    crowd.map((_, index) => index > 0),
  );
});

test("ten failed logins in a minute make an address wait for the rest of it, and not the others", () => {
  const clock = createFakeClock();
  const limit = createLoginLimit(() => clock.monotonic());
  for (let i = 0; i < 9; i += 1) limit.failed("a");
  assert.equal(limit.waitMs("a"), 0);
  clock.advance(20_000);
  limit.failed("a");
  assert.equal(limit.waitMs("a"), 40_000);
  assert.equal(limit.waitMs("b"), 0);
  clock.advance(40_000);
  assert.equal(limit.waitMs("a"), 0);
  limit.failed("a");
  assert.equal(limit.waitMs("a"), 0);
});

test("the limit remembers a bounded number of addresses", () => {
  const clock = createFakeClock();
  const limit = createLoginLimit(() => clock.monotonic());
  for (let i = 0; i < 10; i += 1) limit.failed("first");
  for (let i = 0; i < 1000; i += 1) limit.failed(`other ${i}`);
  assert.equal(limit.waitMs("first"), 0);
});

const login = (hub: TestInspector, token: unknown) =>
  hub.ask("/api/v1/login", {
    method: "POST",
    body: JSON.stringify({ token }),
    headers: { authorization: null, "content-type": "application/json" },
  });

const codeOf = async (response: Response): Promise<string> => ((await response.json()) as { error: { code: string } }).error.code;

test("the API is closed to whoever has no token, and says how to be let in", async (t) => {
  const hub = await startTestInspector(t);
  for (const path of ["/status", "/events", "/openapi.json", "/nowhere", "/login-links", "/link"])
    for (const method of ["GET", "POST"]) {
      const none = await hub.ask(`/api/v1${path}`, { method, headers: { authorization: null } });
      assert.equal(none.status, 401, `${method} ${path}`);
      assert.equal(none.headers.get("www-authenticate"), 'Bearer realm="signalbox"');
      assert.equal(await codeOf(none), "TOKEN_REQUIRED");
    }
  for (const authorization of [
    "Bearer wrong",
    `Basic ${TEST_TOKEN}`,
    `Bearer ${TEST_TOKEN} x`,
    `Bearer${TEST_TOKEN}`,
    TEST_TOKEN,
    "Bearer ",
  ]) {
    const wrong = await hub.ask("/api/v1/status", { headers: { authorization } });
    assert.deepEqual([wrong.status, await codeOf(wrong)], [401, "TOKEN_INVALID"], authorization);
  }
});

test("a login link logs in once, and the session it gives opens the API", async (t) => {
  const hub = await startTestInspector(t);
  const made = await hub.ask("/api/v1/login-links", { method: "POST" });
  assert.equal(made.status, 201);
  const { url } = (await made.json()) as { url: string };
  const [page, token] = url.split("/#login=");
  assert.equal(page, hub.url);
  const answer = await login(hub, token);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get("cache-control"), "no-store");
  const session = (await answer.json()) as { token: string; expiresAt: number };
  const status = await hub.ask("/api/v1/status", { headers: { authorization: `Bearer ${session.token}` } });
  assert.equal(status.status, 200);
  const again = await login(hub, token);
  assert.deepEqual([again.status, await codeOf(again)], [401, "LOGIN_EXPIRED"]);
  assert.equal((await login(hub, session.token)).status, 401);
});

test("a login link that is ten minutes old has expired", async (t) => {
  const clock = createFakeClock();
  const hub = await startTestInspector(t, { clock });
  const token = hub.inspector.createLoginLink().split("#login=")[1];
  clock.advance(10 * 60_000);
  assert.equal(await codeOf(await login(hub, token)), "LOGIN_EXPIRED");
});

test("the master token logs in too, and a session survives a restart of the hub", async (t) => {
  const first = await startTestInspector(t);
  const { token } = (await (await login(first, TEST_TOKEN)).json()) as { token: string };
  await first.inspector.stop();
  const second = await startTestInspector(t);
  const authorization = `Bearer ${token}`;
  assert.equal((await second.ask("/api/v1/status", { headers: { authorization } })).status, 200);
  const other = await startTestInspector(t, { token: "another-master-token" });
  assert.equal((await other.ask("/api/v1/status", { headers: { authorization } })).status, 401);
});

test("after ten wrong logins even the right token has to wait, and is told how long", async (t) => {
  const clock = createFakeClock();
  const hub = await startTestInspector(t, { clock });
  for (let i = 0; i < 10; i += 1) assert.equal((await login(hub, "wrong")).status, 401);
  const refused = await login(hub, TEST_TOKEN);
  assert.deepEqual([refused.status, refused.headers.get("retry-after"), await codeOf(refused)], [429, "60", "TOO_MANY_ATTEMPTS"]);
  clock.advance(60_000);
  assert.equal((await login(hub, TEST_TOKEN)).status, 200);
});

test("wrong logins do not keep out who has a login link", async (t) => {
  const hub = await startTestInspector(t);
  for (let i = 0; i < 11; i += 1) await login(hub, "wrong");
  const link = hub.inspector.createLoginLink().split("#login=")[1];
  assert.equal((await login(hub, TEST_TOKEN)).status, 429);
  assert.equal((await login(hub, link)).status, 200);
  assert.equal((await login(hub, link)).status, 429, "a used one is a guess like any other");
});

test("a login that is no login is refused as what it is", async (t) => {
  const hub = await startTestInspector(t);
  assert.deepEqual(await codeOf(await login(hub, 7)), "PARAMS_INVALID");
  assert.deepEqual(await codeOf(await login(hub, "x".repeat(2000))), "PARAMS_INVALID");
  assert.equal((await login(hub, "x".repeat(10_000))).status, 413);
});
