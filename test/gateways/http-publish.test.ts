import assert from "node:assert/strict";
import { test } from "node:test";
import { CloudEvent, HTTP } from "cloudevents";
import { startTestIngress } from "../support/test-ingress.ts";

interface Reply {
  readonly id: string;
  readonly seq: number;
  readonly events: readonly { readonly id: string; readonly seq: number }[];
  readonly error: { readonly code: string; readonly message: string };
}

async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  method = "POST",
): Promise<[number, Reply]> {
  const answer = await fetch(new Request(url, Object.assign({ method, headers }, { body })));
  return [answer.status, (await answer.json()) as Reply];
}

test("the answer is 201 with id and seq after the commit, and the content type is kept", async (t) => {
  const { url, log } = await startTestIngress(t);
  for (const method of ["POST", "PUT"]) {
    const [status, reply] = await post(`${url}/publish/a/%C3%BC%2Fc`, "21", { "Content-Type": "text/x; q=1" }, method);
    const event = log.events.at(-1)!;
    assert.equal(status, 201);
    assert.deepEqual(reply, { id: event.id, seq: event.seq } as Reply);
    assert.equal(event.topic, "a/ü/c");
    assert.equal(event.contentType, "text/x; q=1");
    assert.equal(event.head?.method, method);
  }
});

test("retain and qos are taken from the address, and refused when they are neither", async (t) => {
  const { url, log } = await startTestIngress(t);
  assert.equal((await post(`${url}/publish/a?retain=1&qos=2`, "x"))[0], 201);
  assert.equal(log.events[0]!.retained, true);
  assert.equal(log.events[0]!.qos, 2);
  for (const query of ["retain=maybe", "qos=3"]) {
    const [status, { error }] = await post(`${url}/publish/a?${query}`, "x");
    assert.equal(status, 400);
    assert.equal(error.code, "PARAMS_INVALID");
  }
});

test("what cannot be published is refused with status and code", async (t) => {
  const { url, log } = await startTestIngress(t);
  const cases: [path: string, method: string, status: number, code: string][] = [
    ["/publish/a/%2B/b", "POST", 400, "TOPIC_INVALID"],
    ["/publish/%ff", "POST", 400, "TOPIC_INVALID"],
    ["/publish/", "POST", 404, "NOT_FOUND"],
    ["/publish", "POST", 404, "NOT_FOUND"],
    ["/publish/a", "DELETE", 405, "METHOD_NOT_ALLOWED"],
  ];
  for (const [path, method, status, code] of cases) {
    const [got, { error }] = await post(url + path, "x", {}, method);
    assert.deepEqual([got, error.code], [status, code], path);
  }
  assert.equal(log.events.length, 0);
});

test("a key is neither stored nor shown: not from the header, not from the address", async (t) => {
  const { url, log, keys } = await startTestIngress(t);
  const made = await keys.add({ name: "k", expiresAt: null, publish: ["a"], subscribe: [] });
  assert.ok(made.ok);
  const { secret } = made.value;
  assert.equal((await post(`${url}/publish/a?x=1&key=${secret}&retain=0`, "x", { Authorization: `Bearer ${secret}` }))[0], 201);
  assert.equal(JSON.stringify(log.events[0]!.head).includes(secret), false);
  assert.equal(log.events[0]!.head?.target, "/publish/a?x=1&retain=0");
  assert.deepEqual((await post(`${url}/publish/b`, "x", { Authorization: `Bearer ${secret}` }))[1].error.code, "TOPIC_FORBIDDEN");
  assert.deepEqual((await post(`${url}/publish/a?key=${secret.slice(0, -1)}!`, "x"))[1].error.code, "KEY_INVALID");
});

test("CloudEvents in binary and structured mode leave the same payload, type and attributes", async (t) => {
  const { url, log } = await startTestIngress(t);
  const sent = new CloudEvent({
    id: "1",
    source: "/shop/%C3%BC",
    type: "made",
    subject: 'a "b"%',
    colour: "red",
    datacontenttype: "application/json",
    data: { n: 1 },
  });
  for (const message of [HTTP.binary(sent), HTTP.structured(sent)]) {
    const [status] = await post(`${url}/publish/orders`, String(message.body), message.headers as Record<string, string>);
    assert.equal(status, 201);
    const event = log.events.at(-1)!;
    assert.equal(Buffer.from(event.body).toString(), '{"n":1}');
    assert.match(event.contentType ?? "", /^application\/json/);
    const headers = Object.fromEntries(event.head!.headers.filter(([name]) => name.startsWith("ce-")));
    const again = HTTP.toEvent({ headers: { ...headers, "content-type": "application/json" }, body: '{"n":1}' }) as CloudEvent<unknown>;
    assert.deepEqual([again.id, again.type, again["colour"], again.data], ["1", "made", "red", { n: 1 }]);
    assert.equal(again.time, sent.time);
  }
});

test("numbers in a structured CloudEvent keep their digits, and data in base64 becomes bytes", async (t) => {
  const { url, log } = await startTestIngress(t);
  const type = { "Content-Type": "application/cloudevents+json; charset=utf-8" };
  const head = '"specversion":"1.0","id":"1","source":"/x","type":"t"';
  await post(`${url}/publish/a`, `{${head},"data":{"n":1.0,"big":12345678901234567890}}`, type);
  assert.equal(Buffer.from(log.events[0]!.body).toString(), '{"n":1.0,"big":12345678901234567890}');
  await post(`${url}/publish/a`, `{${head},"datacontenttype":"image/x","data_base64":"/w=="}`, type);
  assert.deepEqual([...log.events[1]!.body], [0xff]);
  assert.equal(log.events[1]!.contentType, "image/x");
});

test("a batch of CloudEvents is published whole and in order, or not at all", async (t) => {
  const { url, log } = await startTestIngress(t);
  const type = { "Content-Type": "application/cloudevents-batch+json" };
  const one = (id: number): object => ({ specversion: "1.0", id: String(id), source: "/x", type: "t", data: id });
  const [status, { events }] = await post(`${url}/publish/a`, JSON.stringify([one(1), one(2), one(3)]), type);
  assert.equal(status, 201);
  assert.deepEqual(
    events.map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.deepEqual(
    log.events.map(({ body }) => Buffer.from(body).toString()),
    ["1", "2", "3"],
  );
  const [refused, { error }] = await post(`${url}/publish/a`, JSON.stringify([one(4), { specversion: "1.0" }]), type);
  assert.equal(refused, 400);
  assert.match(error.message, /Event 1 of the batch.*"id"/);
  assert.equal(log.events.length, 3);
});

test("what only looks like a CloudEvent is refused with what is missing", async (t) => {
  const { url } = await startTestIngress(t);
  const binary = { "ce-specversion": "1.0", "ce-id": "1", "ce-type": "t" };
  const [status, { error }] = await post(`${url}/publish/a`, "x", binary);
  assert.equal(status, 400);
  assert.match(error.message, /"source"/);
  assert.equal((await post(`${url}/publish/a`, "x", { ...binary, "ce-source": "/", "ce-specversion": "0.3" }))[0], 400);
});
