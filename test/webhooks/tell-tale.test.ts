import assert from "node:assert/strict";
import { test } from "node:test";
import { detectProviders } from "../../main/webhooks/detect.ts";
import { mayBeProviders } from "../../main/webhooks/tell-tale.ts";
import { FIXTURES } from "./fixtures.ts";

test("whatever is certainly a provider's is looked at, by its headers alone", () => {
  let certain = 0;
  for (const [name, { request }] of Object.entries(FIXTURES)) {
    if (detectProviders(request)[0]?.confidence !== "certain") continue;
    const byBody = detectProviders({ ...request, body: Buffer.alloc(0) }).length === 0;
    if (byBody) continue;
    certain += 1;
    assert.ok(mayBeProviders(request.headers, "/in/any", Buffer.alloc(0)), name);
  }
  assert.ok(certain >= 20, `only ${certain}`);
});

test("what asks for a handshake is looked at", () => {
  const nothing = Buffer.alloc(0);
  assert.ok(mayBeProviders([["webhook-request-origin", "x"]], "/in/any", nothing));
  assert.ok(mayBeProviders([["X-HOOK-SECRET", "x"]], "/in/any", nothing));
  assert.ok(mayBeProviders([], "/in/any?validationToken=1", nothing));
  assert.ok(mayBeProviders([], "/in/any?a=1&challenge=1", nothing));
  assert.ok(mayBeProviders([], "/in/any", Buffer.from('{"type":"url_verification"}')));
});

test("an ordinary request is not looked at any further", () => {
  const headers = [
    ["Host", "h"],
    ["User-Agent", "curl/8.5.0"],
    ["Accept", "*/*"],
    ["Content-Type", "application/json"],
    ["Content-Length", "12"],
    ["X-Request-Id", "1"],
  ] as const;
  assert.ok(!mayBeProviders(headers, "/in/any?id=1", Buffer.from('{"hello":"world"}')));
});
