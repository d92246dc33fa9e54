import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallName } from "../../main/contract/calls.ts";
import type { EndpointSaved } from "../../main/contract/endpoint.ts";
import type { DeliveryPage } from "../../main/contract/delivery.ts";
import { RESULT_SCHEMAS } from "../../main/inspector/rest/result-schemas.ts";
import { eventually } from "../support/eventually.ts";
import { startHub } from "../support/run-signalbox.ts";
import { answer, startTarget } from "../support/webhook-target.ts";

test("endpoints and deliveries are all there over REST, as the OpenAPI document says, and no secret is in what the hub logs", async (t) => {
  const target = await startTarget(t);
  const hub = await startHub({ env: { SIGNALBOX_ALLOW_TARGETS: "127.0.0.0/8", SIGNALBOX_LOG: "debug" } });
  t.after(() => hub.stop());
  const ask = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${hub.token}`, "content-type": "application/json" };
    const response = await fetch(`${hub.inspector}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: response.status, value: response.status === 204 ? null : ((await response.json()) as unknown) };
  };
  /** The answer has what its schema says and nothing beside. */
  const read = async (call: CallName, status: number, ...request: Parameters<typeof ask>): Promise<unknown> => {
    const answered = await ask(...request);
    assert.equal(answered.status, status, JSON.stringify(answered.value));
    if (answered.value !== null) assert.deepEqual(RESULT_SCHEMAS[call].parse(answered.value), answered.value);
    return answered.value;
  };

  const made = (await read("endpoints.save", 201, "POST", "/endpoints", { url: target.url })) as EndpointSaved;
  assert.equal(made.name, "127.0.0.1");
  const path = `/endpoints/${made.name}`;
  await read("endpoints.save", 200, "PUT", path, { description: "mine", ratePerSecond: 500 });
  await read("endpoints.get", 200, "GET", path);
  await read("endpoints.list", 200, "GET", "/endpoints");
  const rotated = (await read("endpoints.rotateSecret", 200, "POST", `${path}/rotate`, { signature: "v1a" })) as EndpointSaved;
  assert.match(rotated.secret ?? "", /^whsk_/);
  assert.deepEqual(
    rotated.secrets.map(({ kind }) => kind),
    ["v1a", "v1"],
  );
  await read("endpoints.test", 200, "POST", `${path}/test`, {});
  assert.match(String(target.requests[0]?.headers["webhook-signature"]), /^v1a,\S+ v1,\S+$/);

  target.answerWith(answer(500, { "x-why": "busy" }, "later"));
  await fetch(`${hub.ingress}/in/shop`, { method: "POST", body: "{}" });
  const waiting = await eventually("it waits", async () => {
    const page = (await read("deliveries.list", 200, "GET", "/deliveries?state=waiting&limit=10")) as DeliveryPage;
    return page.deliveries[0]?.attempts === 1 ? page.deliveries[0] : null;
  });
  await read("deliveries.get", 200, "GET", `/deliveries/${waiting.id}`);
  assert.equal((await ask("POST", `/deliveries/${waiting.id}/redeliver`, {})).status, 400);
  await read("deliveries.redeliver", 200, "POST", "/deliveries/redeliver", { state: "dead" });
  assert.equal((await ask("POST", "/deliveries/redeliver", {})).status, 400);
  assert.equal((await ask("POST", "/endpoints", { url: "http://169.254.169.254/latest" })).status, 403);
  for (const [method, missing] of [
    ["GET", "/deliveries/dlv_zz"],
    ["GET", "/endpoints/none"],
    ["DELETE", "/endpoints/none"],
  ] as const)
    assert.equal((await ask(method, missing)).status, 404);
  await read("endpoints.remove", 204, "DELETE", path);
  for (const secret of [made.secret!, rotated.secret!]) assert.ok(!hub.stderr().includes(secret));
});
