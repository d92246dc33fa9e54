import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { LINK_PATH } from "../../main/contract/link.ts";
import { rawHttp, type RawAnswer } from "../support/raw-http.ts";
import { startTestInspector, TEST_TOKEN, type TestInspector } from "../support/test-inspector.ts";

interface Attempt {
  readonly method?: string;
  readonly path?: string;
  /** Complete header lines; `Host` and the token are added where they are not given. */
  readonly headers?: readonly string[];
  readonly host?: string | null;
}

async function send(hub: TestInspector, { method = "GET", path = "/api/v1/status", headers = [], host }: Attempt): Promise<RawAnswer> {
  const hosts = host === null ? [] : [`Host: ${host ?? `127.0.0.1:${hub.port}`}`];
  const lines = [`${method} ${path} HTTP/1.1`, ...hosts, `Authorization: Bearer ${TEST_TOKEN}`, "Connection: close", ...headers];
  const { answer } = await rawHttp(hub.url, `${lines.join("\r\n")}\r\n\r\n`);
  return answer;
}

const codeOf = (answer: RawAnswer): string => (JSON.parse(answer.body) as { error: { code: string } }).error.code;

test("a request must have exactly one Host header", async (t) => {
  const hub = await startTestInspector(t);
  const none = await send(hub, { host: null });
  assert.deepEqual([none.status, codeOf(none)], [400, "REQUEST_MALFORMED"]);
  const two = await send(hub, { headers: [`Host: 127.0.0.1:${hub.port}`] });
  assert.deepEqual([two.status, codeOf(two)], [400, "REQUEST_MALFORMED"]);
  const hidden = await send(hub, { headers: ["hOST: evil.example"] });
  assert.deepEqual([hidden.status, codeOf(hidden)], [400, "REQUEST_MALFORMED"]);
});

test("the inspector answers for its own names with its own port, and for no others", async (t) => {
  const hub = await startTestInspector(t);
  for (const host of [`127.0.0.1:${hub.port}`, `localhost:${hub.port}`, `LocalHost:${hub.port}`, `[::1]:${hub.port}`])
    assert.equal((await send(hub, { host })).status, 200, host);
  const foreign = [
    "evil.example",
    `evil.example:${hub.port}`,
    "127.0.0.1",
    "localhost",
    `localhost:${hub.port + 1}`,
    `localhost.:${hub.port}`,
    `192.0.2.1:${hub.port}`,
    `2130706433:${hub.port}`,
    "",
  ];
  for (const path of ["/api/v1/status", "/", "/healthz", "/metrics", "/api/v1/login"])
    for (const host of foreign) {
      const answer = await send(hub, { host, path });
      assert.deepEqual([answer.status, codeOf(answer)], [421, "HOST_REFUSED"], `${host} ${path}`);
    }
  for (const host of [`localhost:${hub.port}:1`, `127.0.0.1:${hub.port}@evil.example`, `127.0.0.1:0${hub.port}x`, "a b", "[::1"]) {
    const answer = await send(hub, { host });
    assert.deepEqual([answer.status, codeOf(answer)], [400, "REQUEST_MALFORMED"], host);
  }
});

test("names that are allowed are answered for, with any port or with the one given", async (t) => {
  const hub = await startTestInspector(t, { allowHosts: ["hub.example", "proxy.example:8443"] });
  for (const host of ["hub.example", "hub.example:99", "Hub.Example", "proxy.example:8443"])
    assert.equal((await send(hub, { host })).status, 200, host);
  for (const host of ["proxy.example", "proxy.example:1", "a.hub.example", "hub.example.evil"])
    assert.equal((await send(hub, { host })).status, 421, host);
  const post = { method: "POST", path: "/api/v1/login-links" };
  assert.equal((await send(hub, { ...post, host: "hub.example", headers: ["Origin: https://hub.example"] })).status, 201);
  assert.equal((await send(hub, { ...post, host: "hub.example", headers: ["Origin: https://proxy.example:8443"] })).status, 201);
  assert.equal((await send(hub, { ...post, host: "hub.example", headers: ["Origin: https://proxy.example"] })).status, 403);
});

test("a write with a foreign Origin is refused, whatever token it brings", async (t) => {
  const hub = await startTestInspector(t);
  const own = [`http://127.0.0.1:${hub.port}`, `http://localhost:${hub.port}`, `http://[::1]:${hub.port}`];
  const foreign = [
    "http://evil.example",
    "null",
    "http://localhost",
    "http://localhost:3000",
    "https://localhost",
    "file://",
    "chrome-extension://abc",
    `http://localhost:${hub.port}.evil.example`,
    `http://localhost:${hub.port}/`,
    `ftp://localhost:${hub.port}`,
  ];
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    for (const origin of foreign) {
      const answer = await send(hub, { method, path: "/api/v1/sources/x", headers: [`Origin: ${origin}`] });
      assert.deepEqual([answer.status, codeOf(answer)], [403, "ORIGIN_REFUSED"], `${method} ${origin}`);
    }
    for (const origin of own) {
      const answer = await send(hub, { method, path: "/api/v1/sources/x", headers: [`Origin: ${origin}`] });
      assert.notEqual(answer.status, 403, `${method} ${origin}`);
    }
  }
  const two = await send(hub, {
    method: "POST",
    path: "/api/v1/login-links",
    headers: [`Origin: ${own[0]}`, "Origin: http://evil.example"],
  });
  assert.equal(two.status, 403);
});

test("what a browser says comes from another site is refused, but for following a link", async (t) => {
  const hub = await startTestInspector(t);
  const cross = "Sec-Fetch-Site: cross-site";
  for (const attempt of [
    { path: "/api/v1/status", headers: [cross] },
    { path: "/metrics", headers: [cross, "Sec-Fetch-Mode: no-cors"] },
    { path: "/api/v1/login-links", method: "POST", headers: [cross] },
    { path: "/api/v1/login-links", method: "POST", headers: [cross, "Sec-Fetch-Mode: navigate"] },
  ])
    assert.equal(codeOf(await send(hub, attempt)), "ORIGIN_REFUSED");
  const visit = await send(hub, { path: "/healthz", headers: [cross, "Sec-Fetch-Mode: navigate"] });
  assert.equal(visit.status, 200);
  assert.equal((await send(hub, { headers: ["Sec-Fetch-Site: same-origin"] })).status, 200);
});

test("no answer ever carries a CORS header, and a preflight gets none", async (t) => {
  const hub = await startTestInspector(t);
  const attempts: Attempt[] = [
    { headers: [`Origin: http://localhost:${hub.port}`] },
    { headers: ["Origin: http://evil.example"] },
    { method: "OPTIONS", headers: ["Origin: http://evil.example", "Access-Control-Request-Method: POST"] },
    { method: "OPTIONS", headers: [`Origin: http://localhost:${hub.port}`, "Access-Control-Request-Method: POST"] },
    { path: "/" },
  ];
  for (const attempt of attempts) {
    const answer = await send(hub, attempt);
    assert.deepEqual(
      [...answer.headers.keys()].filter((name) => name.startsWith("access-control")),
      [],
    );
  }
});

test("every answer forbids sniffing, framing and foreign content", async (t) => {
  const hub = await startTestInspector(t);
  for (const attempt of [{}, { path: "/" }, { path: "/nowhere" }, { path: "/healthz" }, { host: "evil.example" }]) {
    const { headers } = await send(hub, attempt);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cross-origin-opener-policy"), "same-origin");
    assert.equal(headers.get("cross-origin-resource-policy"), "same-origin");
    assert.equal(headers.get("x-powered-by"), undefined);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\w+/=]{24}'/);
    assert.match(policy, /base-uri 'none'; form-action 'none'; frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|evil/);
  }
});

/** How the handshake ends: "open", or the status it is refused with. */
async function handshake(hub: TestInspector, headers: Record<string, string>, path: string = LINK_PATH): Promise<string | number> {
  const socket = new WebSocket(`ws://127.0.0.1:${hub.port}${path}`, { headers });
  socket.on("error", () => undefined);
  const outcome = await Promise.race([
    once(socket, "open").then(() => "open"),
    once(socket, "unexpected-response").then(([, response]) => (response as { statusCode: number }).statusCode),
  ]);
  socket.terminate();
  return outcome;
}

test("a WebSocket from a foreign page or under a foreign name is refused in its handshake", async (t) => {
  const hub = await startTestInspector(t);
  assert.equal(await handshake(hub, {}), "open");
  assert.equal(await handshake(hub, { Origin: `http://localhost:${hub.port}` }), "open");
  assert.equal(await handshake(hub, { Origin: "http://evil.example" }), 403);
  assert.equal(await handshake(hub, { Origin: "null" }), 403);
  assert.equal(await handshake(hub, { Origin: "http://localhost:3000" }), 403);
  assert.equal(await handshake(hub, { "Sec-Fetch-Site": "cross-site" }), 403);
  assert.equal(await handshake(hub, { Host: `evil.example:${hub.port}` }), 421);
  assert.equal(await handshake(hub, {}, "/"), 404);
});

test("an upgrade that is no WebSocket handshake is refused, and to other protocols nothing is switched", async (t) => {
  const hub = await startTestInspector(t);
  const bad = await send(hub, { path: LINK_PATH, headers: ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"] });
  assert.deepEqual([bad.status, codeOf(bad)], [400, "REQUEST_MALFORMED"]);
  const other = await send(hub, { path: "/healthz", headers: ["Upgrade: h2c", "Connection: Upgrade"] });
  assert.equal(other.status, 200);
});
