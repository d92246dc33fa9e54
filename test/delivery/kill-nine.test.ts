import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeliveryDetail, DeliveryPage } from "../../main/contract/delivery.ts";
import { eventually } from "../support/eventually.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTarget } from "../support/webhook-target.ts";

const ROUNDS = 3;
const EVENTS = 120;

const ask = async (hub: TestHub, method: string, path: string, body?: object): Promise<unknown> => {
  const headers = { authorization: `Bearer ${hub.token}`, "content-type": "application/json" };
  const response = await fetch(`${hub.inspector}/api/v1${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  assert.ok(response.ok, `${method} ${path}: ${response.status}`);
  return response.json();
};

test("over kill -9 in the midst of deliveries each event arrives at least once, and no attempt that was made is forgotten", async (t) => {
  const dataFolder = tempFolder(t);
  const env = { SIGNALBOX_ALLOW_TARGETS: "127.0.0.1" };
  // Slow, so that requests are under way when the hub dies.
  const target = await startTarget(t, (_request, response) => void setTimeout(() => response.writeHead(200).end(), 10));
  let hub = await startHub({ dataFolder, env });
  t.after(() => hub.kill());
  await ask(hub, "POST", "/endpoints", { name: "app", url: target.url, concurrency: 8 });
  const sent = new Set<string>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = target.requests.length;
    const posts = Array.from({ length: EVENTS / ROUNDS }, () => fetch(`${hub.ingress}/in/shop`, { method: "POST", body: "{}" }));
    for (const response of await Promise.all(posts)) sent.add(((await response.json()) as { id: string }).id);
    await eventually("some have come", () => target.requests.length > before + 10);
    await hub.kill();
    hub = await startHub({ dataFolder, env });
  }
  await eventually("all have come", () => new Set(target.ids()).size === EVENTS);
  const deliveries = await eventually("all are known to have come", async () => {
    const page = (await ask(hub, "GET", "/deliveries?limit=500")) as DeliveryPage;
    return page.deliveries.every(({ state }) => state === "succeeded") ? page.deliveries : null;
  });
  assert.deepEqual(new Set(deliveries.map(({ eventId }) => eventId)), sent);
  assert.equal(deliveries.length, EVENTS, "an event has two deliveries");

  const came = Map.groupBy(target.ids(), (id) => id);
  let interrupted = 0;
  for (const { id, eventId, attempts } of deliveries) {
    const requests = came.get(eventId)?.length ?? 0;
    const { attemptList } = attempts === 1 ? { attemptList: [] } : ((await ask(hub, "GET", `/deliveries/${id}`)) as DeliveryDetail);
    const unknown = attemptList.filter(({ cause }) => cause === "interrupted").length;
    interrupted += unknown;
    // One that was interrupted may or may not have got as far as the target.
    assert.ok(requests <= attempts && requests >= attempts - unknown, `${eventId}: ${requests} requests, ${attempts} attempts`);
    if (attempts > 1)
      assert.deepEqual(
        attemptList.map(({ attempt }) => attempt),
        Array.from({ length: attempts }, (_, n) => n + 1),
      );
  }
  assert.ok(interrupted > 0, "no attempt was under way at any kill");
  assert.equal(await hub.stop(), 0);
});
