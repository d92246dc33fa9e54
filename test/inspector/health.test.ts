import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { test } from "node:test";
import { appendEvents, startTestInspector, TEST_TOKEN } from "../support/test-inspector.ts";

const OPEN = { headers: { authorization: null } };

test("the process is healthy while it answers, and ready while the log takes events", async (t) => {
  const hub = await startTestInspector(t);
  assert.deepEqual([(await hub.ask("/healthz", OPEN)).status, (await hub.ask("/readyz", OPEN)).status], [200, 200]);
  hub.log.refuseWith({ code: "STORE_FAILED", message: "The disk answers no more." });
  assert.equal((await hub.ask("/healthz", OPEN)).status, 200);
  const unready = await hub.ask("/readyz", OPEN);
  assert.deepEqual([unready.status, unready.headers.get("retry-after")], [503, "1"]);
  assert.deepEqual(await unready.json(), {
    status: "failed",
    reason: "The disk answers no more.",
    error: { code: "STORE_FAILED", message: "The disk answers no more.", details: {} },
  });
  hub.log.refuseWith(null);
  assert.equal((await hub.ask("/readyz", OPEN)).status, 200);
});

test("the figures count events, refusals and commits, and hold no content", async (t) => {
  const hub = await startTestInspector(t);
  await appendEvents(hub.hub, [
    { topic: "secret/topic", body: Buffer.from("secret") },
    { protocol: "mqtt", state: "duplicate" },
  ]);
  hub.hub.counters.refused.BODY_TOO_LARGE = 3;
  const response = await hub.ask("/metrics", OPEN);
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const text = await response.text();
  for (const line of [
    'signalbox_events_total{protocol="webhook",state="accepted"} 1',
    'signalbox_events_total{protocol="mqtt",state="duplicate"} 1',
    'signalbox_refusals_total{code="BODY_TOO_LARGE"} 3',
    "signalbox_body_bytes_total 6",
    "signalbox_log_up 1",
    "signalbox_log_last_seq 2",
    "signalbox_log_queued 0",
    "signalbox_inspector_links 0",
    'signalbox_ack_seconds_bucket{le="+Inf"} 2',
    "signalbox_ack_seconds_count 2",
  ])
    assert.ok(text.split("\n").includes(line), line);
  assert.match(text, /^process_resident_memory_bytes \d/m);
  assert.doesNotMatch(text, /secret/);
  for (const line of text
    .trim()
    .split("\n")
    .filter((one) => one !== "" && !one.startsWith("#")))
    assert.match(line, /^[a-z0-9_]+(\{[^}]*\})? (-?[\d.e+-]+|Nan|\+Inf)$/i);
});

test("the figures need a token where others could ask for them", async (t) => {
  const hub = await startTestInspector(t, { allowHosts: ["hub.example"], listen: { host: "0.0.0.0", port: 0 } });
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const outside = addresses.find((one) => one.family === "IPv4" && !one.internal)?.address;
  if (!outside) return t.skip("this machine has no address beside loopback");
  const ask = (headers: Record<string, string> = {}) => fetch(`http://${outside}:${hub.port}/metrics`, { headers });
  assert.equal((await ask()).status, 401);
  assert.equal((await ask({ authorization: `Bearer ${TEST_TOKEN}` })).status, 200);
  assert.equal((await hub.ask("/metrics", OPEN)).status, 200);
});
