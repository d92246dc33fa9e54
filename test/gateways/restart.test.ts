import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import { compose, type RunningHub } from "../../main/compose.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { testConfig } from "../support/test-config.ts";
import { FACES } from "./faces.ts";
import { openWs } from "../support/ws-client.ts";

async function start(t: TestContext, folder: string): Promise<RunningHub & { readonly ingress: string }> {
  const running = await compose(testConfig(folder, { inspector: null }), { logger: silentLogger });
  t.after(() => running.stop());
  return { ...running, ingress: running.hub.listeners.status().find(({ name }) => name === "ingress")!.url };
}

for (const face of FACES) {
  const { openReader } = face;
  if (!openReader) continue;
  test(`${face.name}: whoever comes back after the hub was restarted misses nothing and gets nothing twice`, async (t) => {
    const folder = tempFolder(t);
    const first = await start(t, folder);
    const bodies = Array.from({ length: 400 }, (_, n) => Buffer.from(n % 50 === 7 ? randomBytes(100_000) : `n${n}`));
    const publish = (hub: RunningHub["hub"], from: number, to: number): Promise<unknown> =>
      Promise.all(bodies.slice(from, to).map((payload) => hub.publish({ topic: "a/b", payload })));
    const reader = await openReader(t, first.ingress, "a/b", 0);
    await publish(first.hub, 0, 150);
    for (let n = 0; n < 60; n += 1) assert.ok(bodies[n]!.equals((await reader.next()).body), `${n}`);
    reader.drop();
    await publish(first.hub, 150, 250);
    await first.stop();

    const second = await start(t, folder);
    const again = await openReader(t, second.ingress, "a/b", 60);
    const publishing = publish(second.hub, 250, 400);
    for (let n = 60; n < 400; n += 1) assert.ok(bodies[n]!.equals((await again.next()).body), `${n}`);
    again.drop();
    await publishing;
  });
}

test("retained events, and what is said of an event, outlive a restart", async (t) => {
  const folder = tempFolder(t);
  const first = await start(t, folder);
  const put = (path: string, body: string, type: string): Promise<Response> =>
    fetch(`${first.ingress}/publish/${path}`, { method: "POST", body, headers: { "Content-Type": type } });
  await put("lamp/1?retain=1", "on", "text/x");
  await put("lamp/2?retain=1", "on", "text/x");
  await put("lamp/2?retain=1", "", "text/x");
  await put("lamp/3?retain=1", "old", "text/x");
  await put("lamp/3?retain=1", "new", "text/x");
  const cloud = { specversion: "1.0", id: "7", source: "/lamp", type: "lit", data: { on: true } };
  await put("lamp/4", JSON.stringify(cloud), "application/cloudevents+json");
  await first.stop();

  const second = await start(t, folder);
  const client = await openWs(t, `${second.ingress}/ws`);
  client.send({ t: "subscribe", id: 1, filter: "lamp/+" });
  await client.json();
  const one = await client.json();
  assert.deepEqual([one["topic"], one["payload"], one["contentType"], one["retained"]], ["lamp/1", "on", "text/x", true]);
  const three = await client.json();
  assert.deepEqual([three["topic"], three["payload"]], ["lamp/3", "new"]);
  client.send({ t: "ping" });
  assert.deepEqual(await client.json(), { t: "pong" }, "lamp/2 was cleared");

  const events = await openWs(t, `${second.ingress}/ws?topic=lamp/4&after=0`, ["cloudevents.json"]);
  const { sequence, topic, datacontenttype, ...own } = await events.json();
  assert.deepEqual([sequence, topic, datacontenttype], ["6", "lamp/4", "application/json"]);
  assert.deepEqual(own, cloud);
});
