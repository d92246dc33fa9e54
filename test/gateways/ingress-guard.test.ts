import assert from "node:assert/strict";
import { test } from "node:test";
import { startTestIngress } from "../support/test-ingress.ts";

const ADDRESSES = ["/ws", "/sse?topic=a", "/poll?topic=a&wait=0", "/publish/a", "/socket.io/?EIO=4&transport=polling"];

test("a host that is none of the listener's is refused on every way but webhooks", async (t) => {
  const { connect } = await startTestIngress(t);
  for (const address of ADDRESSES) {
    if (address === "/ws") continue;
    const http = await connect();
    http.send(
      `${address.startsWith("/publish") ? "POST" : "GET"} ${address} HTTP/1.1\r\nHost: rebound.example\r\nContent-Length: 0\r\n\r\n`,
    );
    assert.equal((await http.answer()).status, 421, address);
  }
  const upgrade = await connect();
  upgrade.send(
    "GET /ws HTTP/1.1\r\nHost: rebound.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  assert.equal((await upgrade.answer()).status, 421);
  const webhook = await connect();
  webhook.send("POST /in/any HTTP/1.1\r\nHost: rebound.example\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\n\r\n");
  assert.equal((await webhook.answer()).status, 200);
});

test("a host that is allowed by name is answered, with any port or with its own", async (t) => {
  const { connect } = await startTestIngress(t, { allowHosts: ["hub.local", "proxy.example:8443"] });
  for (const [host, status] of [
    ["hub.local", 200],
    ["HUB.local:99", 200],
    ["proxy.example:8443", 200],
    ["proxy.example", 421],
  ] as const) {
    const http = await connect();
    http.send(`GET /poll?topic=a&wait=0 HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    assert.equal((await http.answer()).status, status, host);
  }
});

test("a page from an origin that is allowed may use the hub and read its answers; others may not", async (t) => {
  const { url } = await startTestIngress(t, { allowOrigins: ["https://app.example"] });
  const allowed = await fetch(`${url}/publish/a`, { method: "POST", body: "x", headers: { Origin: "https://app.example" } });
  assert.equal(allowed.status, 201);
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://app.example");
  const asked = await fetch(`${url}/publish/a`, {
    method: "OPTIONS",
    headers: { Origin: "https://app.example", "Access-Control-Request-Headers": "content-type" },
  });
  assert.equal(asked.status, 204);
  assert.equal(asked.headers.get("access-control-allow-headers"), "content-type");
  assert.match(asked.headers.get("access-control-allow-methods") ?? "", /POST/);
  for (const origin of ["https://evil.example", "null", "http://app.example"]) {
    const refused = await fetch(`${url}/publish/a`, { method: "POST", body: "x", headers: { Origin: origin } });
    assert.equal(refused.status, 403, origin);
    assert.equal(refused.headers.get("access-control-allow-origin"), null);
  }
});

test("a page of the listener's own origin is no foreign one", async (t) => {
  const { url } = await startTestIngress(t);
  assert.equal((await fetch(`${url}/publish/a`, { method: "POST", body: "x", headers: { Origin: url } })).status, 201);
});
