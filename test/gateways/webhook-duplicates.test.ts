import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import { test, type TestContext } from "node:test";
import type { EventDetail } from "../../main/contract/event.ts";
import { createInspectorApi } from "../support/inspector-api.ts";
import { startHub, type TestHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";

const SECRET = "It's a Secret to Everybody";
const BODY = '{"action":"opened"}';

interface Answer {
  readonly status: number;
  readonly id: string;
}

/** A delivery of GitHub's, each on a connection of its own. */
function deliver(hub: TestHub, id: string, { source = "github", body = BODY, secret = SECRET } = {}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const headers = {
    "content-length": Buffer.byteLength(body),
    "x-github-event": "issues",
    "x-github-delivery": id,
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  };
  const outgoing = request(`${hub.ingress}/in/${source}`, { method: "POST", headers, agent: new Agent() }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    response.on("end", () => resolve({ status: response.statusCode ?? 0, id: text === "" ? "" : (JSON.parse(text) as { id: string }).id }));
  });
  outgoing.on("error", reject);
  outgoing.end(body);
  return promise;
}

async function call(hub: TestHub, method: string, path: string, body?: unknown): Promise<{ status: number; value: unknown }> {
  const response = await fetch(`${hub.inspector}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${hub.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, value: text === "" ? null : JSON.parse(text) };
}

/** What a subscriber of everything gets from the log. */
async function published(hub: TestHub): Promise<readonly unknown[]> {
  const answer = (await (await fetch(`${hub.ingress}/poll?topic=webhooks/%23&after=0&wait=0`)).json()) as { events: unknown[] };
  return answer.events;
}

async function start(t: TestContext, dataFolder: string): Promise<TestHub> {
  const hub = await startHub({ dataFolder });
  t.after(() => hub.stop());
  return hub;
}

async function configure(hub: TestHub, settings: object): Promise<void> {
  assert.equal((await call(hub, "PUT", "/sources/github", { provider: "github", ...settings })).status, 200);
  assert.equal((await call(hub, "POST", "/sources/github/secrets", { secret: "main", value: SECRET })).status, 201);
}

test("of forty equal deliveries at once exactly one is published, over a kill -9 too, and all are answered as done", async (t) => {
  const dataFolder = tempFolder(t);
  const first = await start(t, dataFolder);
  await configure(first, { mode: "gateway", answer: { status: 202 } });
  const answers = await Promise.all(Array.from({ length: 40 }, () => deliver(first, "72d3162e")));
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([202]));
  assert.equal(new Set(answers.map(({ id }) => id)).size, 40, "each is an event of its own");
  assert.equal((await published(first)).length, 1);
  await first.kill();

  const second = await start(t, dataFolder);
  const again = await Promise.all(Array.from({ length: 5 }, () => deliver(second, "72d3162e")));
  assert.deepEqual(new Set(again.map(({ status }) => status)), new Set([202]));
  assert.equal((await deliver(second, "another")).status, 202);
  assert.equal((await published(second)).length, 2);

  const api = createInspectorApi(second);
  const events = await api.allEvents("source:github");
  const [original, ...others] = events.filter(({ state }) => state === "accepted");
  assert.equal(others.length, 1);
  const duplicates = await api.allEvents("state:duplicate");
  assert.equal(duplicates.length, 44);
  for (const { duplicateOf, verdict, status } of duplicates)
    assert.deepEqual({ duplicateOf, verdict, status }, { duplicateOf: original?.id, verdict: "verified", status: 202 });
  const detail = (await api.get(`/events/${duplicates[0]!.id}`)) as EventDetail;
  assert.equal(detail.duplicateOf, original?.id);
  assert.equal((await api.body(detail.id)).toString(), BODY, "kept in every byte");
});

test("a delivery is known by its source; a window of 0 knows none, and an answer that asks for more is not given twice", async (t) => {
  const hub = await start(t, tempFolder(t));
  await configure(hub, { answer: { status: 500 } });
  assert.equal((await deliver(hub, "one")).status, 500);
  assert.equal((await deliver(hub, "one")).status, 200, "it is there: it need not be sent again");
  assert.equal((await deliver(hub, "one", { source: "other" })).status, 200);
  assert.equal((await published(hub)).length, 2);
  await call(hub, "PUT", "/sources/github", { dedupeWindowMs: 0 });
  assert.equal((await deliver(hub, "one")).status, 500);
  assert.equal((await published(hub)).length, 3);
});

test("a stranger who sends a delivery's id first does not keep the real one from being published", async (t) => {
  const hub = await start(t, tempFolder(t));
  await configure(hub, { mode: "capture" });
  await deliver(hub, "guessed", { body: '{"forged":true}', secret: "not the secret" });
  await deliver(hub, "guessed");
  await deliver(hub, "guessed");
  const events = await createInspectorApi(hub).allEvents("source:github");
  assert.deepEqual(
    events.map(({ state, verdict }) => [state, verdict]),
    [
      ["accepted", "failed"],
      ["accepted", "verified"],
      ["duplicate", "verified"],
    ],
  );
});

test("what a gateway refuses is not taken for the first of its deliveries", async (t) => {
  const hub = await start(t, tempFolder(t));
  await configure(hub, { mode: "gateway" });
  assert.equal((await deliver(hub, "one", { secret: "other" })).status, 401);
  assert.equal((await deliver(hub, "one")).status, 200);
  assert.equal((await published(hub)).length, 1);
});

test("to a source without a provider the same bytes under a provider's id are one delivery, other bytes another", async (t) => {
  const hub = await start(t, tempFolder(t));
  const send = (body: string) => deliver(hub, "one", { source: "open", body });
  const answers = await Promise.all([send(BODY), send(BODY), send('{"action":"closed"}')]);
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200],
  );
  assert.equal((await published(hub)).length, 2);
});
