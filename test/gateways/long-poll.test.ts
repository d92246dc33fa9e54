import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { sendPieces } from "../../main/gateways/long-poll/send-pieces.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { eventually } from "../support/eventually.ts";
import { startTestIngress } from "../support/test-ingress.ts";

interface Answer {
  readonly events: readonly { readonly seq: number; readonly payload: string; readonly retained?: true }[];
  readonly cursor: number;
}
const poll = async (url: string, query: string): Promise<Answer> => (await (await fetch(`${url}/poll?${query}`)).json()) as Answer;

test("what is there already is answered at once, at most `limit` of it, with a cursor to go on from", async (t) => {
  const { url, hub } = await startTestIngress(t);
  for (const n of [1, 2, 3, 4, 5]) await hub.publish({ topic: n === 3 ? "b" : "a", payload: Buffer.from(String(n)) });
  const first = await poll(url, "topic=a&limit=3");
  assert.deepEqual(
    first.events.map(({ payload }) => payload),
    ["1", "2", "4"],
  );
  assert.equal(first.cursor, 4);
  const second = await poll(url, `topic=a&limit=3&after=${first.cursor}`);
  assert.deepEqual(
    second.events.map(({ payload }) => payload),
    ["5"],
  );
  assert.equal(second.cursor, 5);
});

test("a poll waits for the next event, and with after=now for nothing before it", async (t) => {
  const { url, hub } = await startTestIngress(t);
  await hub.publish({ topic: "a", payload: Buffer.from("old") });
  const first = await poll(url, "topic=a&after=now&wait=0");
  assert.deepEqual(first, { events: [], cursor: 1 });
  const waiting = poll(url, "topic=a&after=1");
  await hub.publish({ topic: "other", payload: Buffer.from("x") });
  await hub.publish({ topic: "a", payload: Buffer.from("new") });
  const { events, cursor } = await waiting;
  assert.deepEqual(
    events.map(({ payload }) => payload),
    ["new"],
  );
  assert.equal(cursor, 3);
});

test("at the end of the wait the list is empty, and the cursor has gone on", async (t) => {
  const clock = createFakeClock();
  const { url, hub } = await startTestIngress(t, { clock });
  const waiting = poll(url, "topic=a&wait=7");
  await eventually("the poll waits", () => clock.pending() > 2);
  await hub.publish({ topic: "other", payload: Buffer.from("x") });
  clock.advance(7000);
  assert.deepEqual(await waiting, { events: [], cursor: 1 });
});

test("retained events are given to a poll that begins with now", async (t) => {
  const { url, hub } = await startTestIngress(t);
  await hub.publish({ topic: "a/1", payload: Buffer.from("on"), retain: true });
  const { events, cursor } = await poll(url, "topic=a/%23&after=now");
  assert.deepEqual(
    events.map(({ payload, retained }) => [payload, retained]),
    [["on", true]],
  );
  assert.equal(cursor, 1);
});

test("many large retained events come in one answer, beside the bound for others", async (t) => {
  const { url, hub } = await startTestIngress(t);
  const payload = Buffer.alloc(1024 * 1024, "r");
  for (let n = 0; n < 6; n += 1) await hub.publish({ topic: `a/${n}`, payload, retain: true });
  const { events, cursor } = await poll(url, "topic=a/%23&after=now");
  assert.deepEqual(
    events.map(({ seq, payload: text, retained }) => [seq, text.length, retained]),
    [1, 2, 3, 4, 5, 6].map((seq) => [seq, payload.length, true]),
  );
  assert.equal(cursor, 6);
});

test("pieces of an answer are made as its reader takes them, and no more of them when it goes", async (t) => {
  const total = 2000;
  let made = 0;
  const server = createServer((_request, response) =>
    sendPieces(
      response,
      (function* () {
        while (made < total) {
          made += 1;
          yield "x".repeat(64 * 1024);
        }
      })(),
    ),
  ).listen(0, "127.0.0.1");
  t.after(() => void server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = await fetch(url);
  const atFirst = made;
  assert.ok(atFirst < total, `${atFirst} of ${total} pieces were made before one was read`);
  assert.equal((await answer.text()).length, total * 64 * 1024);

  made = 0;
  const gone = new AbortController();
  const socketClosed = new Promise<void>((resolve) =>
    server.once("request", (_request, response: ServerResponse) => response.once("close", () => resolve())),
  );
  await fetch(url, { signal: gone.signal });
  gone.abort();
  await socketClosed;
  assert.ok(made < total, "it was read to its end by nobody");
});

test("parameters that make no sense are refused with the one that does not", async (t) => {
  const { url } = await startTestIngress(t);
  for (const [query, word] of [
    ["", "topic"],
    ["topic=a&wait=x", "wait"],
    ["topic=a&limit=0", "limit"],
    ["topic=a&after=-1", "after"],
  ] as const) {
    const answer = await fetch(`${url}/poll?${query}`);
    assert.equal(answer.status, 400);
    assert.match(((await answer.json()) as { error: { message: string } }).error.message, new RegExp(word));
  }
});

test("an answer holds so many bytes of what one commit brings, and the next poll goes on after it", async (t) => {
  const { url, hub, log } = await startTestIngress(t);
  const waiting = poll(url, "topic=a&after=now");
  await eventually("the poll waits", () => hub.sessions.list(10).total === 1);
  log.hold();
  const published = [1, 2, 3].map((n) => hub.publish({ topic: "a", payload: Buffer.alloc(3 * 1024 * 1024, String(n)) }));
  await eventually("all wait for one commit", () => log.waiting() === 3);
  log.release();
  await Promise.all(published);
  const { events, cursor } = await waiting;
  assert.deepEqual([events.map(({ seq }) => seq), cursor], [[1, 2], 2]);
  const next = await poll(url, `topic=a&after=${cursor}`);
  assert.deepEqual([next.events.map(({ seq }) => seq), next.cursor], [[3], 3]);
});

test("of polls written at once only so many are read at once; all are answered in turn", async (t) => {
  const { hub, log, port, connect } = await startTestIngress(t);
  await hub.publish({ topic: "a", payload: Buffer.from("one") });
  const read = log.read.bind(log);
  const inHand: (() => void)[] = [];
  log.read = async (wanted) => {
    await new Promise<void>((resolve) => inHand.push(resolve));
    return read(wanted);
  };
  const http = await connect();
  http.send(`GET /poll?topic=a HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`.repeat(100));
  await eventually("some are in hand", () => inHand.length > 0);
  await eventually("the others have come", () => hub.sessions.list(200).total > 0);
  assert.ok(inHand.length <= 8, `${inHand.length} are in hand`);
  let asked = 0;
  await eventually("all are read in turn", () => {
    for (const go of inHand.splice(0)) {
      asked += 1;
      go();
    }
    return asked === 100;
  });
  for (let answered = 0; answered < 100; answered += 1) assert.equal((await http.answer()).status, 200);
});
