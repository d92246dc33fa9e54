import assert from "node:assert/strict";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { test, type TestContext } from "node:test";
import { retryDelayMs } from "../../client/retry-delay.ts";
import { connectSignalbox, type SignalboxEvent } from "../../client/signalbox-client.ts";
import { eventually } from "../support/eventually.ts";
import { startTestIngress } from "../support/test-ingress.ts";

/** A way to the hub that can be cut. */
async function openWire(t: TestContext, port: number): Promise<{ url: string; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect({ host: "127.0.0.1", port });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined); // cut
      socket.once("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  t.after(() => {
    cut();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut };
}

test("events come once and in order to each subscription, and every publication is stored, however often the wire is cut", async (t) => {
  // The wire's port is not the hub's: its name is allowed.
  const { hub, log, port } = await startTestIngress(t, { allowHosts: ["127.0.0.1"] });
  const wire = await openWire(t, port);
  let opened = 0;
  const client = connectSignalbox({ url: wire.url, onState: (state) => (opened += state === "open" ? 1 : 0) });
  t.after(() => client.close());
  const got: Record<string, number[]> = { "a/#": [], "a/+": [], "a/b": [] };
  for (const [filter, seqs] of Object.entries(got)) client.subscribe(filter, ({ seq }: SignalboxEvent) => seqs.push(seq), { after: 0 });
  await eventually("it is connected", () => client.state === "open");

  const stored: Promise<{ seq: number }>[] = [];
  for (let n = 0; n < 600; n += 1) {
    if (n % 3 === 0) stored.push(client.publish("a/b", `client ${n}`));
    else await hub.publish({ topic: "a/b", payload: Buffer.from(`hub ${n}`) });
    if (n % 97 === 50) wire.cut();
  }
  const seqs = (await Promise.all(stored)).map(({ seq }) => seq);
  assert.equal(new Set(seqs).size, 200);
  for (const seq of seqs) assert.match(Buffer.from(log.events[seq - 1]!.body).toString(), /^client/);
  const all = log.events.map(({ seq }) => seq);
  for (const [filter, seen] of Object.entries(got)) {
    await eventually(`${filter} has everything`, () => seen.length >= all.length);
    assert.deepEqual(seen, all, filter);
  }
  assert.ok(opened > 1, "it came back at least once");
});

test("what is refused rejects with the hub's code; the outbox is bounded; bytes go as they are", async (t) => {
  const { log, url } = await startTestIngress(t);
  const client = connectSignalbox({ url, maxOutbox: 2 });
  t.after(() => client.close());
  const first = client.publish("a", new Uint8Array([0, 255]));
  const second = client.publish("a/+", "x");
  await assert.rejects(client.publish("a", "one too many"), /wait for the hub already/);
  await first;
  await assert.rejects(second, { code: "TOPIC_INVALID" });
  assert.deepEqual([...log.events[0]!.body], [0, 255]);
});

test("each wait is up to twice the last one's, at most half a minute, and spread from nothing on", () => {
  assert.equal(retryDelayMs(0, 1), 250);
  assert.equal(retryDelayMs(3, 1), 2000);
  assert.equal(retryDelayMs(50, 1), 30_000);
  assert.equal(retryDelayMs(5, 0), 0);
});
