import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { randomBytes } from "node:crypto";
import { test, type TestContext } from "node:test";
import { startTestIngress, type TestIngress, type TestIngressOptions } from "../support/test-ingress.ts";
import type { Face, Publisher, Reader } from "./face.ts";

/** Bodies that something could go wrong with. */
export const BODIES: Readonly<Record<string, Buffer>> = {
  text: Buffer.from("21.5"),
  "text beyond ASCII": Buffer.from("Grüße, 漢字, 🚦\ufeff"),
  "lines, tabs and NUL": Buffer.from('one\ntwo\r\nthree\rfour\t\u0000"\\ data: x\n\n'),
  JSON: Buffer.from('{"a":1.0,"b":[12345678901234567890]}'),
  "bytes that are no UTF-8": Buffer.from([0, 1, 0x80, 0xff, 0xc3, 0x28]),
  "a large text": Buffer.from("0123456789abcdef".repeat(20_000)),
  "large and binary": randomBytes(200_000),
};

/** MQTT's word for a bound that was hit. */
const QUOTA_EXCEEDED = 0x97;

/** One exam for every gateway: what they promise alike. */
export function examine(face: Face): void {
  const { openPublisher, openReader, openFrozen, foreignStatus } = face;
  const start = async (t: TestContext, options: TestIngressOptions = {}) => {
    const ingress = await startTestIngress(t, options);
    return { ...ingress, url: urlOf(face, ingress) };
  };

  if (openPublisher) {
    test(`${face.name}: what is published is stored byte for byte, under its protocol`, async (t) => {
      const { url, log } = await start(t);
      const publisher = await openPublisher(t, url, "a/b");
      for (const [what, body] of Object.entries(BODIES)) {
        assert.deepEqual(await publisher.publish("a/b", body), { ok: true }, what);
        const event = log.events.at(-1)!;
        assert.ok(body.equals(event.body), what);
        assert.equal(event.topic, "a/b");
        assert.equal(event.protocol, face.protocol);
        assert.equal(event.state, "accepted");
      }
    });

    test(`${face.name}: a body over the limit is refused with the catalogue's code, and nothing is stored`, async (t) => {
      const { url, log } = await start(t, { maxBodyBytes: 1000 });
      const publisher = await openPublisher(t, url, "a/b");
      const sent = await publisher.publish("a/b", randomBytes(1001));
      assert.ok(!sent.ok && ["BODY_TOO_LARGE", 1009, QUOTA_EXCEEDED].includes(sent.code), JSON.stringify(sent));
      assert.equal(log.events.length, 0);
    });

    test(`${face.name}: while the log takes nothing, a publication is refused with its reason`, async (t) => {
      const { url, log } = await start(t);
      const publisher = await openPublisher(t, url, "a/b");
      log.refuseWith({ code: "STORE_FULL", message: "The disk is full." });
      const sent = await publisher.publish("a/b", Buffer.from("x"));
      assert.ok(!sent.ok && ["STORE_FULL", 1013, QUOTA_EXCEEDED].includes(sent.code), JSON.stringify(sent));
    });
  }

  if (openReader) {
    test(`${face.name}: only matching topics come, and in order`, async (t) => {
      const { url, hub } = await start(t);
      const filter = face.wildcards ? "a/+/c" : "a/b/c";
      const reader = await openReader(t, url, filter);
      for (let n = 0; n < 300; n += 1)
        for (const topic of ["a/b/c", "a/b", "a/b/c/d", "b/b/c"]) void hub.publish({ topic, payload: Buffer.from(String(n)) });
      for (let n = 0; n < 300; n += 1) {
        const event = await reader.next();
        assert.equal(event.topic, "a/b/c");
        assert.equal(event.body.toString(), String(n));
      }
    });

    test(`${face.name}: bodies come out as they went in`, async (t) => {
      const { url, hub } = await start(t);
      const reader = await openReader(t, url, "a/b");
      for (const [what, payload] of Object.entries(BODIES)) {
        void hub.publish({ topic: "a/b", payload });
        assert.ok(payload.equals((await reader.next()).body), what);
      }
    });

    if (face.resumesBySeq)
      test(`${face.name}: whoever goes on after a seq misses nothing and gets nothing twice, however often it is cut off`, async (t) => {
        const { url, hub } = await start(t);
        const total = 600;
        const publishing = publishSlowly(hub, "a/b", total);
        let got = 0;
        let seq = 0;
        for (let round = 1; got < total; round += 1) {
          const reader = await openReader(t, url, "a/b", seq);
          for (let n = 0; n < (round * 37) % 90 && got < total; n += 1) {
            const event = await reader.next();
            assert.equal(event.body.toString(), String(got));
            got += 1;
            // Here nothing else is published: the n-th event has seq n.
            seq = event.seq ?? got;
            assert.equal(seq, got);
          }
          reader.drop();
        }
        await publishing;
      });

    test(`${face.name}: a new subscriber is given the retained event, and then what comes`, async (t) => {
      const { url, hub } = await start(t);
      await hub.publish({ topic: "a/b", payload: Buffer.from("old"), retain: true });
      await hub.publish({ topic: "a/b", payload: Buffer.from("kept"), retain: true });
      await hub.publish({ topic: "a/b", payload: Buffer.from("passing") });
      const reader = await openReader(t, url, "a/b");
      assert.equal((await reader.next()).body.toString(), "kept");
      await hub.publish({ topic: "a/b", payload: Buffer.from("new") });
      assert.equal((await reader.next()).body.toString(), "new");
    });
  }

  if (openReader && openFrozen)
    test(`${face.name}: who reads nothing is cut, and who reads misses nothing beside it`, async (t) => {
      const small = { maxQueuedBytes: 256 * 1024 };
      const options = {
        websocket: { ...small, closeTimeoutMs: 100 },
        sse: small,
        socketIo: small,
        mqtt: { maxOutBytes: 256 * 1024, drainTimeoutMs: 600 },
      };
      const { url, hub } = await start(t, options);
      await openFrozen(t, url, "a/b");
      const reader = await openReader(t, url, "a/b");
      const isThere = (): boolean => hub.sessions.list(10).total > 1;
      assert.ok(isThere());
      const payload = Buffer.alloc(64 * 1024);
      for (let n = 0; isThere(); n += 1) {
        payload.writeUInt32BE(n);
        await hub.publish({ topic: "a/b", payload: Buffer.from(payload) });
        assert.equal((await reader.next()).body.readUInt32BE(), n);
      }
    });

  if (foreignStatus)
    test(`${face.name}: a foreign web page is turned away`, async (t) => {
      const { url } = await start(t);
      assert.equal(await foreignStatus(url), 403);
    });

  test(`${face.name}: stop ends every conversation and frees the port`, async (t) => {
    const { url, stop } = await start(t);
    const port = Number(new URL(url).port);
    if (openReader) await openReader(t, url, "a/b");
    if (openPublisher) await openPublisher(t, url, "a/b");
    await stop();
    const socket = connect({ host: "127.0.0.1", port });
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNREFUSED");
  });
}

/** What goes in by one gateway comes out by another: the same bytes, in the same order. */
export function examinePair(publishing: Face, reading: Face): void {
  test(`${publishing.name} to ${reading.name}: bytes and order are kept`, async (t) => {
    const [publisher, reader] = await openPair(t, await startTestIngress(t), publishing, reading);
    for (const [what, body] of Object.entries(BODIES)) {
      assert.deepEqual(await publisher.publish("room/1", body), { ok: true }, what);
      const event = await reader.next();
      assert.equal(event.topic, "room/1");
      assert.ok(body.equals(event.body), `${what}: ${event.body.length} bytes came of ${body.length}`);
    }
    const sent = Array.from({ length: 50 }, (_, n) => publisher.publish("room/1", Buffer.from(`n${n}`)));
    const order: string[] = [];
    for (const _ of sent) order.push((await reader.next()).body.toString());
    await Promise.all(sent);
    assert.equal(new Set(order).size, 50);
  });
}

async function openPair(t: TestContext, ingress: TestIngress, publishing: Face, reading: Face): Promise<[Publisher, Reader]> {
  const publisher = await publishing.openPublisher!(t, urlOf(publishing, ingress), "room/1");
  return [publisher, await reading.openReader!(t, urlOf(reading, ingress), reading.wildcards ? "room/#" : "room/1")];
}

function urlOf(face: Face, ingress: TestIngress): string {
  return face.urlOf?.(ingress) ?? ingress.url;
}

/** A few at a time, over many turns of the loop, so that readers come and go in between. */
async function publishSlowly(hub: Awaited<ReturnType<typeof startTestIngress>>["hub"], topic: string, total: number): Promise<void> {
  for (let n = 0; n < total; n += 1) {
    const published = hub.publish({ topic, payload: Buffer.from(String(n)) });
    if (n % 5 === 0) await published;
  }
}
