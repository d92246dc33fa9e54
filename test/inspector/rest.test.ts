import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { test } from "node:test";
import type { z } from "zod";
import type { EventPage } from "../../main/contract/calls.ts";
import { COMPONENTS, errorAnswer } from "../../main/inspector/rest/result-schemas.ts";
import { eventually } from "../support/eventually.ts";
import { rawHttp } from "../support/raw-http.ts";
import { appendEvents, startTestInspector, TEST_TOKEN, type TestInspector } from "../support/test-inspector.ts";

const json = (method: string, body: unknown): { method: string; body: string; headers: Record<string, string> } => ({
  method,
  body: JSON.stringify(body),
  headers: { "content-type": "application/json" },
});

/** The answer's JSON, which has what its schema says and nothing beside. */
async function read(response: Response, schema: z.ZodType): Promise<unknown> {
  const value: unknown = await response.json();
  assert.deepEqual(schema.parse(value), value);
  return value;
}

async function refusalOf(response: Response): Promise<{ code: string; message: string; details: Record<string, unknown> }> {
  return ((await read(response, errorAnswer)) as z.infer<typeof errorAnswer>).error;
}

async function eventsOf(hub: TestInspector, query: string): Promise<number[]> {
  const response = await hub.ask(`/api/v1/events${query}`);
  assert.equal(response.status, 200, `${query}: ${response.status}`);
  const page = (await read(response, COMPONENTS["EventPage"]!)) as EventPage;
  return page.events.map((event) => event.seq);
}

test("events are paged oldest first with `after`, newest first otherwise", async (t) => {
  const hub = await startTestInspector(t);
  await appendEvents(
    hub.hub,
    Array.from({ length: 7 }, () => ({})),
  );
  assert.deepEqual(await eventsOf(hub, ""), [7, 6, 5, 4, 3, 2, 1]);
  assert.deepEqual(await eventsOf(hub, "?limit=2"), [7, 6]);
  assert.deepEqual(await eventsOf(hub, "?before=4&limit=2"), [3, 2]);
  assert.deepEqual(await eventsOf(hub, "?after=4&limit=2"), [5, 6]);
  assert.deepEqual(await eventsOf(hub, "?after=0"), [1, 2, 3, 4, 5, 6, 7]);
});

test("fields of the filter may be parameters of their own, together with a filter", async (t) => {
  const hub = await startTestInspector(t);
  await appendEvents(hub.hub, [
    { topic: "a/1", source: "github", body: Buffer.from("red") },
    { topic: "a/2", source: "stripe", body: Buffer.from("red") },
    { topic: "b", source: null, protocol: "mqtt", body: Buffer.from("blue") },
    { topic: "a b", source: null, protocol: "hub", state: "refused", refusal: "BODY_TOO_LARGE" },
  ]);
  assert.deepEqual(await eventsOf(hub, "?topic=a/%23"), [2, 1]);
  assert.deepEqual(await eventsOf(hub, "?source=github,stripe&filter=red%20-topic:a/2"), [1]);
  assert.deepEqual(await eventsOf(hub, "?protocol=mqtt"), [3]);
  assert.deepEqual(await eventsOf(hub, "?state=refused"), [4]);
  assert.deepEqual(await eventsOf(hub, "?topic=a+b"), [4]);
  assert.deepEqual(await eventsOf(hub, "?verdict=failed"), []);
});

test("parameters that are wrong are refused by name, with what is expected", async (t) => {
  const hub = await startTestInspector(t);
  const attempts = [
    ["/events?limit=0", "limit", /whole number from 1 to 1000/],
    ["/events?limit=1001", "limit", /whole number from 1 to 1000/],
    ["/events?limit=ten", "limit", /whole number/],
    ["/events?limit=1e2", "limit", /whole number/],
    ["/events?after=-1", "after", /whole number from 0/],
    ["/events?after=9007199254740993", "after", /whole number/],
    ["/events?after=1&before=2", "before", /together with "after"/],
    ["/events?limit=1&limit=2", "limit", /twice/],
    ["/events?colour=red", "colour", /no parameter "colour"/],
    ["/events?__proto__=1", "__proto__", /no parameter "__proto__"/],
    ["/events?headers=maybe", "headers", /true or false/],
    ["/events?topic=%22", "topic", /quotes/],
    [`/events?filter=${"x".repeat(2001)}`, "filter", /2000 characters/],
    ["/events/timeline?from=2&to=1&buckets=10", "to", /later than "from"/],
    ["/events/timeline?from=1&to=2", "buckets", /whole number from 1 to 500/],
    ["/topics?limit=1001", "limit", /1 to 1000/],
    [`/events/${"x".repeat(81)}/body`, "id", /an event's id/],
    [`/sources/${"x".repeat(65)}`, "name", /a source's name/],
  ] as const;
  for (const [path, parameter, message] of attempts) {
    const response = await hub.ask(`/api/v1${path}`);
    assert.equal(response.status, 400, path);
    const refusal = await refusalOf(response);
    assert.equal(refusal.code, "PARAMS_INVALID", path);
    assert.equal(refusal.details["parameter"], parameter, path);
    assert.match(refusal.message, message, path);
  }
  const filter = await hub.ask("/api/v1/events?filter=status:many");
  assert.deepEqual([filter.status, (await refusalOf(filter)).code], [400, "FILTER_INVALID"]);
});

test("of hundreds of requests written at once on one connection only so many are in hand; all are answered in turn", async (t) => {
  const hub = await startTestInspector(t);
  await appendEvents(hub.hub, [{}]);
  const query = hub.log.query.bind(hub.log);
  const inHand: (() => void)[] = [];
  let asked = 0;
  hub.log.query = async (...args) => {
    asked += 1;
    await new Promise<void>((resolve) => inHand.push(resolve));
    return query(...args);
  };
  const request = `GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${hub.port}\r\nAuthorization: Bearer ${TEST_TOKEN}\r\n\r\n`;
  const socket = connect({ host: "127.0.0.1", port: hub.port });
  t.after(() => socket.destroy());
  let received = "";
  socket.setEncoding("latin1").on("data", (text: string) => (received += text));
  socket.write(request.repeat(200));
  await eventually("some are in hand", () => inHand.length > 0);
  assert.equal((await hub.ask("/healthz")).status, 200);
  assert.ok(inHand.length <= 32, `${inHand.length} are in hand`);
  await eventually("all are asked for in turn", () => {
    for (const go of inHand.splice(0)) go();
    return asked === 200;
  });
  for (const go of inHand.splice(0)) go();
  await eventually("all are answered", () => received.split("HTTP/1.1 200 OK").length === 201);
});

test("one event is answered with everything but its body", async (t) => {
  const hub = await startTestInspector(t);
  const head = {
    method: "POST",
    target: "/in/github?a=1",
    httpVersion: "1.1",
    headers: [
      ["X-A", "1"],
      ["x-a", "2"],
    ],
    trailers: [],
    remoteAddress: "127.0.0.1",
    publicUrl: "http://localhost:4800/in/github?a=1",
    status: 200,
  } as const;
  const [event] = await appendEvents(hub.hub, [{ body: Buffer.from("{}"), head }]);
  const response = await hub.ask(`/api/v1/events/${event!.id}`);
  const detail = (await read(response, COMPONENTS["EventDetail"]!)) as Record<string, unknown>;
  assert.deepEqual(detail["headers"], head.headers);
  assert.equal(detail["query"], "a=1");
  assert.equal(detail["sha256"], createHash("sha256").update("{}").digest("hex"));
  const missing = await hub.ask("/api/v1/events/memory-zz");
  assert.deepEqual([missing.status, (await refusalOf(missing)).code], [404, "EVENT_NOT_FOUND"]);
});

test("a body comes back byte for byte, as an attachment of a neutral type", async (t) => {
  const hub = await startTestInspector(t);
  const bodies = [
    { body: randomBytes(10 * 1024 * 1024), contentType: "application/x-thing", file: /\.bin"$/ },
    { body: Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0x0d, 0x0a]), contentType: "text/plain; charset=utf-8", file: /\.txt"$/ },
    { body: Buffer.from("<script>alert(1)</script>"), contentType: "text/html", file: /\.bin"$/ },
    { body: Buffer.from("{}"), contentType: "application/vnd.thing+json", file: /\.json"$/ },
    { body: Buffer.alloc(0), contentType: null, file: /\.bin"$/ },
  ];
  const events = await appendEvents(
    hub.hub,
    bodies.map(({ body, contentType }) => ({ body, contentType })),
  );
  for (const [index, { body, contentType, file }] of bodies.entries()) {
    const path = `/api/v1/events/${events[index]!.id}/body`;
    const response = await hub.ask(path);
    assert.equal(response.status, 200);
    const sha256 = createHash("sha256").update(body).digest("hex");
    const got = Buffer.from(await response.arrayBuffer());
    assert.equal(createHash("sha256").update(got).digest("hex"), sha256);
    const { headers } = response;
    assert.equal(headers.get("content-type"), "application/octet-stream");
    assert.match(headers.get("content-disposition") ?? "", /^attachment; filename="[\w-]+\.\w+"$/);
    assert.match(headers.get("content-disposition") ?? "", file);
    assert.equal(headers.get("content-length"), String(body.length));
    assert.equal(headers.get("content-security-policy"), "sandbox; default-src 'none'");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("x-signalbox-content-type"), contentType ?? "");
    assert.equal(headers.get("etag"), `"${sha256}"`);
    const head = await hub.ask(path, { method: "HEAD" });
    assert.deepEqual([head.status, head.headers.get("content-length")], [200, String(body.length)]);
  }
  const missing = await hub.ask("/api/v1/events/memory-zz/body");
  assert.deepEqual([missing.status, missing.headers.get("content-disposition")], [404, null]);
});

test("a body that cannot be read to its end is cut off, never passed off as whole", async (t) => {
  const hub = await startTestInspector(t);
  const [event] = await appendEvents(hub.hub, [{ body: Buffer.alloc(3 * 1024 * 1024, "x") }]);
  const body = hub.log.body.bind(hub.log);
  hub.log.body = (id, offset, length) =>
    offset === 0 ? body(id, offset, length) : Promise.resolve({ ok: false, refusal: { code: "STORE_DAMAGED", message: "gone" } });
  const response = await hub.ask(`/api/v1/events/${event!.id}/body`);
  await assert.rejects(response.arrayBuffer());
});

test("a publication is answered with its id and seq after its commit", async (t) => {
  const hub = await startTestInspector(t);
  const response = await hub.ask(
    "/api/v1/publish",
    json("POST", { topic: "a/b", payload: "aGk=", encoding: "base64", contentType: "text/plain" }),
  );
  assert.equal(response.status, 201);
  const published = (await read(response, COMPONENTS["Published"]!)) as { id: string; seq: number };
  const event = hub.log.events[0]!;
  assert.deepEqual(published, { id: event.id, seq: 1 });
  assert.deepEqual([Buffer.from(event.body).toString(), event.contentType, event.protocol], ["hi", "text/plain", "hub"]);
});

test("a publication may be as large as any body, and no larger", async (t) => {
  const hub = await startTestInspector(t, { maxBodyBytes: 1024 * 1024 });
  const publish = (bytes: number) =>
    hub.ask("/api/v1/publish", json("POST", { topic: "a", payload: Buffer.alloc(bytes).toString("base64"), encoding: "base64" }));
  assert.equal((await publish(1024 * 1024)).status, 201);
  for (const bytes of [1024 * 1024 + 1, 3 * 1024 * 1024]) {
    const refused = await publish(bytes);
    assert.deepEqual([refused.status, (await refusalOf(refused)).code], [413, "BODY_TOO_LARGE"]);
  }
});

test("a body that is no JSON object is refused, and so is another type or coding", async (t) => {
  const hub = await startTestInspector(t);
  for (const body of ["{", "[]", "7", new Uint8Array([0x22, 0xff, 0x22])]) {
    const response = await hub.ask("/api/v1/publish", { method: "POST", body, headers: { "content-type": "application/json" } });
    assert.deepEqual([response.status, (await refusalOf(response)).code], [400, "PARAMS_INVALID"], String(body));
  }
  for (const headers of [
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "content-type": "application/jsonx" },
    { "content-type": "application/json; charset=utf-16" },
    { "content-type": "application/json", "content-encoding": "gzip" },
  ]) {
    const response = await hub.ask("/api/v1/publish", { ...json("POST", { topic: "a", payload: "" }), headers });
    assert.deepEqual([response.status, (await refusalOf(response)).code], [415, "MEDIA_UNSUPPORTED"], JSON.stringify(headers));
    assert.equal(response.headers.get("accept-encoding"), "content-encoding" in headers ? "identity" : null);
  }
  assert.equal(hub.log.events.length, 0);
});

test("a sender that gives up within its body leaves the hub as it was", async (t) => {
  const hub = await startTestInspector(t);
  const { socket, answer } = await rawHttp(
    hub.url,
    `POST /api/v1/publish HTTP/1.1\r\nHost: 127.0.0.1:${hub.port}\r\nAuthorization: Bearer ${TEST_TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"topic"`,
  );
  socket.destroy();
  assert.equal((await answer).status, 0);
  assert.equal((await hub.ask("/api/v1/status")).status, 200);
  assert.equal(hub.log.events.length, 0);
});

test("sources are made, changed, read and removed", async (t) => {
  const hub = await startTestInspector(t);
  const schema = COMPONENTS["Source"]!;
  const made = await hub.ask("/api/v1/sources", json("POST", { name: "github" }));
  assert.equal(made.status, 201);
  await read(made, schema);
  const changed = await hub.ask("/api/v1/sources/github", json("PUT", { answer: { status: 202, headers: [["X-A", "1"]] } }));
  assert.equal(changed.status, 200);
  const source = (await read(changed, schema)) as { answer: unknown };
  assert.deepEqual(source.answer, { status: 202, headers: [["X-A", "1"]], body: null, delayMs: 0 });
  assert.deepEqual(await read(await hub.ask("/api/v1/sources/github"), schema), source);
  assert.deepEqual(await read(await hub.ask("/api/v1/sources"), COMPONENTS["Sources"]!), { sources: [source] });
  const removed = await hub.ask("/api/v1/sources/github", { method: "DELETE" });
  assert.deepEqual([removed.status, await removed.text()], [204, ""]);
  for (const method of ["GET", "DELETE"]) {
    const missing = await hub.ask("/api/v1/sources/github", { method });
    assert.deepEqual([missing.status, (await refusalOf(missing)).code], [404, "SOURCE_NOT_FOUND"]);
  }
  const named = await hub.ask("/api/v1/sources", json("POST", { name: "../x" }));
  assert.deepEqual([named.status, (await refusalOf(named)).code], [400, "SOURCE_NAME_INVALID"]);
  const differs = await hub.ask("/api/v1/sources/a", json("PUT", { name: "b" }));
  assert.match((await refusalOf(differs)).message, /differ in "name"/);
  const wrong = await hub.ask("/api/v1/sources/a", json("PUT", { answer: { status: 99, headers: [["X"]] } }));
  assert.match((await refusalOf(wrong)).message, /"answer\.status".*200 to 599/);
});

test("timeline, topics and status say what their schemas say", async (t) => {
  const hub = await startTestInspector(t);
  await appendEvents(hub.hub, [{ topic: "a/1" }, { topic: "b/1" }]);
  const at = 1_700_000_000_000;
  const timeline = (await read(
    await hub.ask(`/api/v1/events/timeline?from=${at - 500}&to=${at + 500}&buckets=2`),
    COMPONENTS["Timeline"]!,
  )) as { counts: number[] };
  assert.deepEqual(timeline.counts, [0, 2]);
  const topics = (await read(await hub.ask("/api/v1/topics?prefix=b"), COMPONENTS["Topics"]!)) as { topics: unknown };
  assert.deepEqual(topics.topics, [{ topic: "b/1", lastSeq: 2 }]);
  await read(await hub.ask("/api/v1/status"), COMPONENTS["HubStatus"]!);
});

test("a refusal of the log has the catalogue's status, and says when to come again", async (t) => {
  const hub = await startTestInspector(t);
  const publish = () => hub.ask("/api/v1/publish", json("POST", { topic: "a", payload: "" }));
  hub.log.refuseWith({ code: "HUB_BUSY", message: "The queue is full." });
  const busy = await publish();
  assert.deepEqual([busy.status, busy.headers.get("retry-after"), (await refusalOf(busy)).code], [503, "1", "HUB_BUSY"]);
  hub.log.refuseWith({ code: "STORE_FULL", message: "The disk is full." });
  assert.equal((await publish()).status, 507);
});

test("an address that takes another method says which", async (t) => {
  const hub = await startTestInspector(t);
  const response = await hub.ask("/api/v1/events", { method: "DELETE" });
  assert.deepEqual(
    [response.status, response.headers.get("allow"), (await refusalOf(response)).code],
    [405, "GET, HEAD, OPTIONS", "METHOD_NOT_ALLOWED"],
  );
  const source = await hub.ask("/api/v1/sources/a", { method: "PATCH" });
  assert.deepEqual([source.status, source.headers.get("allow")], [405, "GET, HEAD, PUT, DELETE, OPTIONS"]);
  const asked = await hub.ask("/api/v1/sources/a", { method: "OPTIONS" });
  assert.deepEqual([asked.status, asked.headers.get("allow")], [204, "GET, HEAD, PUT, DELETE, OPTIONS"]);
  for (const path of ["/", "/events", "/healthz", "/metrics"]) {
    const page = await hub.ask(path, { method: "DELETE" });
    assert.deepEqual(
      [page.status, page.headers.get("allow"), (await refusalOf(page)).code],
      [405, "GET, HEAD, OPTIONS", "METHOD_NOT_ALLOWED"],
      path,
    );
  }
  assert.equal((await hub.ask("/api/v1/weather")).status, 404);
});
