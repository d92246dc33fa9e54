import assert from "node:assert/strict";
import { once } from "node:events";
import { after, afterEach, before, test } from "node:test";
import { WebSocket } from "ws";
import type { EventSummary } from "../../main/contract/event.ts";
import { LINK_PATH } from "../../main/contract/link.ts";
import type { HubStatus } from "../../main/contract/status.ts";
import { eventually } from "../support/eventually.ts";
import { createInspectorApi, type InspectorApi } from "../support/inspector-api.ts";
import { rawHttp, type RawAnswer } from "../support/raw-http.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";

const MIB = 1024 ** 2;
const HEADERS_TIMEOUT_MS = 300;
const REQUEST_TIMEOUT_MS = 700;

let hub: TestHub;
let api: InspectorApi;
let memoryAtFirst: number;

const memory = async (): Promise<number> => ((await api.get("/status")) as HubStatus).memoryBytes;

before(async () => {
  hub = await startHub({
    env: { SIGNALBOX_HEADERS_TIMEOUT: `${HEADERS_TIMEOUT_MS}ms`, SIGNALBOX_REQUEST_TIMEOUT: `${REQUEST_TIMEOUT_MS}ms` },
  });
  api = createInspectorApi(hub);
  memoryAtFirst = await memory();
});
after(async () => {
  assert.equal(await hub.stop(), 0);
  assert.equal(hub.stderr(), "", "bad input is no error of the hub");
});
afterEach(async () => {
  const response = await fetch(`${hub.ingress}/in/still-here`, { method: "POST", body: "{}" });
  assert.equal(response.status, 200, "the hub still takes a webhook");
});

/** The answer refuses with this status and, in its body, with this code and a sentence. */
function assertRefused({ status, body }: RawAnswer, wantStatus: number, wantCode: string, what = ""): void {
  assert.equal(status, wantStatus, `${what}: ${body}`);
  const { error } = JSON.parse(body) as { error: { code: string; message: string } };
  assert.equal(error.code, wantCode, what);
  assert.match(error.message, /^[A-Z].+\.$/s);
}

/** Sends raw bytes and gives the answer once the connection has ended. */
async function ask(url: string, ...chunks: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  return (await rawHttp(url, ...chunks)).answer;
}

const post = (path: string, ...lines: string[]) =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`;

const refusedEvents = (source: string): Promise<EventSummary[]> => api.allEvents(`source:${source} state:refused`);

test("what is not HTTP, or not of ours, is refused with the code, and the connection closed", async () => {
  const malformed = {
    "no HTTP at all": "\u0016\u0003\u0001\u0002\u0000\r\n\r\n",
    "a header without a colon": post("/in/bad", "nonsense"),
    "a NUL in a header": post("/in/bad", "X-Nul: a\u0000b"),
    "a space before the colon": post("/in/bad", "X-Space : a"),
    "a length that is no number": post("/in/bad", "Content-Length: ten"),
    "two lengths": post("/in/bad", "Content-Length: 3", "Content-Length: 4"),
    "a length and chunks": post("/in/bad", "Content-Length: 3", "Transfer-Encoding: chunked"),
    "two hosts": post("/in/bad", "Host: other"),
    "no host": "POST /in/bad HTTP/1.1\r\nConnection: close\r\n\r\n",
  };
  for (const [what, request] of Object.entries(malformed)) assertRefused(await ask(hub.ingress, request), 400, "REQUEST_MALFORMED", what);
  assertRefused(await ask(hub.ingress, "FETCH /in/bad HTTP/1.1\r\nHost: localhost\r\n\r\n"), 501, "METHOD_UNKNOWN", "an unknown method");
  assertRefused(
    await ask(hub.ingress, "POST /in/bad HTTP/9.9\r\nHost: localhost\r\n\r\n"),
    505,
    "HTTP_VERSION_UNKNOWN",
    "an unknown version",
  );
  const broken = await ask(hub.ingress, post("/in/broken", "Transfer-Encoding: chunked"), "5\r\nhello\r\nnot a size\r\n");
  assertRefused(broken, 400, "REQUEST_MALFORMED", "a chunk without a size");
  assert.deepEqual(await api.allEvents("source:bad"), []);
  // Where a source was named before the fault, what came is kept to be looked at.
  const kept = await eventually("its record is there", async () => (await refusedEvents("broken"))[0] ?? null);
  assert.equal(kept.refusal, "REQUEST_MALFORMED");
  assert.equal(kept.truncated, true);
});

test("a body of 100 MiB is answered 413, announced or not, and its beginning is kept and marked", async () => {
  const chunk = Buffer.alloc(MIB, "x");
  const announced = await ask(hub.ingress, post("/in/huge", `Content-Length: ${100 * MIB}`), ...Array.from({ length: 100 }, () => chunk));
  assertRefused(announced, 413, "BODY_TOO_LARGE", "announced");
  const framed = Buffer.concat([Buffer.from(`${MIB.toString(16)}\r\n`), chunk, Buffer.from("\r\n")]);
  const chunked = await ask(
    hub.ingress,
    post("/in/huge", "Transfer-Encoding: chunked"),
    ...Array.from({ length: 100 }, () => framed),
    "0\r\n\r\n",
  );
  assertRefused(chunked, 413, "BODY_TOO_LARGE", "chunked");

  const kept = await eventually("both records are there", async () => {
    const found = await refusedEvents("huge");
    return found.length === 2 && found;
  });
  for (const event of kept) {
    assert.equal(event.refusal, "BODY_TOO_LARGE");
    assert.equal(event.truncated, true);
    assert.equal(event.status, 413);
    const body = await api.body(event.id);
    assert.ok(body.length > 0 && body.length <= MIB && body.every((byte) => byte === 0x78));
  }
  assert.equal(kept[0]?.size, 100 * MIB);
});

test("64 KiB of headers are answered 431", async () => {
  assertRefused(await ask(hub.ingress, post("/in/headers", `X-Long: ${"y".repeat(65_536)}`)), 431, "HEADERS_TOO_LARGE", "one long header");
  const many = Array.from({ length: 4096 }, (_, index) => `X-${index}: 12345678`);
  assertRefused(await ask(hub.ingress, post("/in/headers", ...many)), 431, "HEADERS_TOO_LARGE", "many headers");
  assertRefused(
    await ask(hub.ingress, `POST /in/${"z".repeat(65_536)} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
    431,
    "HEADERS_TOO_LARGE",
    "a long path",
  );
});

test("invalid UTF-8 is kept byte for byte in an escaped path, a header and a body, and unescaped in a path it is no HTTP", async () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28, 0xed, 0xa0, 0x80]);
  const request = post("/in/latin/%ff%C3(?q=%fe", "X-Bytes: \u00e9\u00ff", `Content-Length: ${bytes.length}`, "Content-Type: text/plain");
  const { status, body } = await ask(hub.ingress, request, bytes);
  assert.equal(status, 200, body);
  const { id } = JSON.parse(body) as { id: string };
  const detail = (await api.get(`/events/${id}`)) as EventSummary & { headers: [string, string][] };
  assert.equal(detail.path, "/in/latin/%ff%C3(?q=%fe");
  assert.deepEqual(
    detail.headers.find(([name]) => name === "X-Bytes"),
    ["X-Bytes", "\u00e9\u00ff"],
  );
  assert.equal(detail.preview, null);
  assert.deepEqual(await api.body(id), bytes);
  assertRefused(await ask(hub.ingress, post("/in/%ff%fe")), 400, "SOURCE_NAME_INVALID", "as the source's name");
  assertRefused(await ask(hub.ingress, post("/in/latin/\u00ff")), 400, "REQUEST_MALFORMED", "unescaped"); // RFC 3986 §2
});

test("a slow sender is answered 408, whether its headers or its body do not come", async () => {
  const [headers, body, nothing] = await Promise.all([
    ask(hub.ingress, "POST /in/slow HTTP/1.1\r\nHost: local"),
    ask(hub.ingress, post("/in/slow", "Content-Length: 1000"), "only this much"),
    ask(hub.ingress, post("/in/slow", "Transfer-Encoding: chunked"), "3\r\nabc\r\n"),
  ]);
  assertRefused(headers, 408, "REQUEST_TIMEOUT", "headers");
  assertRefused(body, 408, "REQUEST_TIMEOUT", "body");
  assertRefused(nothing, 408, "REQUEST_TIMEOUT", "chunks");
  const kept = await eventually("what came of the bodies is there", async () => {
    const found = await refusedEvents("slow");
    return found.length === 2 && found;
  });
  assert.deepEqual(
    new Set(kept.map(({ preview, refusal, truncated }) => `${preview} ${refusal} ${truncated}`)),
    new Set(["only this much REQUEST_TIMEOUT true", "abc REQUEST_TIMEOUT true"]),
  );
});

test("a sender that hangs up in the middle leaves a marked record and nothing else", async () => {
  const { socket } = await rawHttp(hub.ingress, post("/in/aborted", "Content-Length: 1000"), "half a ");
  // Enough of it has arrived once the hub counts the connection's bytes; hanging up earlier would leave nothing to see.
  await once(socket.end("sentence"), "close");
  const [kept] = await eventually("the record is there", async () => {
    const found = await refusedEvents("aborted");
    return found.length === 1 && found;
  });
  assert.equal(kept?.refusal, "REQUEST_ABORTED");
  assert.equal(kept.truncated, true);
  assert.equal(kept.preview, "half a sentence");
  const reset = await rawHttp(hub.ingress, post("/in/reset", "Content-Length: 1000"), "x");
  reset.socket.resetAndDestroy();
  await reset.answer;
});

test("the inspector lets nobody in without its token, over HTTP and over a WebSocket", async () => {
  const get = async (headers: Record<string, string>) => {
    const response = await fetch(`${hub.inspector}/api/v1/events`, { headers });
    return { status: response.status, headers: new Map(), body: await response.text() };
  };
  assertRefused(await get({}), 401, "TOKEN_REQUIRED");
  assertRefused(await get({ authorization: "Bearer not-the-token" }), 401, "TOKEN_INVALID");

  const hello = async (frame: object): Promise<unknown> => {
    const socket = new WebSocket(`${hub.inspector.replace("http", "ws")}${LINK_PATH}`);
    await once(socket, "open");
    socket.send(JSON.stringify(frame));
    const [text] = (await once(socket, "message")) as [Buffer];
    const [code] = (await once(socket, "close")) as [number];
    return { ...(JSON.parse(String(text)) as { t: string; error: { code: string } }), code };
  };
  const refused = (await hello({ t: "hello", version: 1, token: "not-the-token" })) as { t: string; error: { code: string }; code: number };
  assert.deepEqual([refused.t, refused.error.code, refused.code], ["goodbye", "TOKEN_INVALID", 1008]);
  const early = (await hello({ t: "call", id: 1, name: "events.query", params: {} })) as { t: string; error: { code: string } };
  assert.deepEqual([early.t, early.error.code], ["goodbye", "FRAME_INVALID"]);
});

test("the inspector refuses foreign hosts and foreign web pages, even with its token", async () => {
  const { host } = new URL(hub.inspector);
  const authorization = `Authorization: Bearer ${hub.token}`;
  const request = (method: string, path: string, ...lines: string[]) =>
    ask(
      hub.inspector,
      `${method} ${path} HTTP/1.1\r\nConnection: close\r\n${authorization}\r\n${lines.map((line) => `${line}\r\n`).join("")}\r\n`,
    );
  assertRefused(await request("GET", "/api/v1/events", "Host: evil.example"), 421, "HOST_REFUSED");
  assertRefused(await request("GET", "/api/v1/events", "Host: 127.0.0.1:1"), 421, "HOST_REFUSED", "another port");
  assertRefused(await request("GET", "/api/v1/events", `Host: ${host}`, "Host: evil.example"), 400, "REQUEST_MALFORMED", "two hosts");
  assertRefused(
    await request("POST", "/api/v1/publish", `Host: ${host}`, "Origin: https://evil.example", "Content-Length: 0"),
    403,
    "ORIGIN_REFUSED",
  );
  assertRefused(
    await request("POST", "/api/v1/publish", `Host: ${host}`, "Origin: null", "Content-Length: 0"),
    403,
    "ORIGIN_REFUSED",
    "null",
  );

  const upgrade = ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="];
  const asUpgrade = (...lines: string[]) =>
    ask(hub.inspector, `GET ${LINK_PATH} HTTP/1.1\r\nConnection: Upgrade\r\n${[...upgrade, ...lines].join("\r\n")}\r\n\r\n`);
  assertRefused(await asUpgrade(`Host: ${host}`, "Origin: https://evil.example"), 403, "ORIGIN_REFUSED", "WebSocket");
  assertRefused(await asUpgrade("Host: evil.example"), 421, "HOST_REFUSED", "WebSocket");
});

test("after all of this the hub's memory comes back to about what it was", async () => {
  await eventually("memory is within 160 MiB of the beginning", async () => (await memory()) < memoryAtFirst + 160 * MIB);
});
