import assert from "node:assert/strict";
import { once } from "node:events";
import { get } from "node:http";
import { test } from "node:test";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import type { SessionEvent } from "../../main/contract/session.ts";
import { createPollers } from "../../main/gateways/long-poll/pollers.ts";
import { createSessions } from "../../main/hub/sessions.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { eventually } from "../support/eventually.ts";
import { connectMqtt } from "../support/mqtt-client.ts";
import { startTestIngress } from "../support/test-ingress.ts";
import { openWs } from "../support/ws-client.ts";

const brief = ({ kind, protocol, reason }: SessionEvent): string => `${protocol} ${kind}${reason === null ? "" : `: ${reason}`}`;

test("every protocol's peers are told of when they come and when they go, with the reason", async (t) => {
  const { hub, url } = await startTestIngress(t);
  const told = (): string[] => hub.sessions.history.recent().map(brief);
  const { client } = await connectMqtt(t, `${url.replace("http", "ws")}/mqtt`, { clientId: "m" });
  await eventually("MQTT has come", () => told().includes("mqtt connected"));
  await client.endAsync();
  await eventually("MQTT has gone", () => told().includes("mqtt disconnected: it said goodbye"));

  const ws = await openWs(t, `${url}/ws`, ["signalbox.v1"]);
  ws.socket.close();
  await eventually("the WebSocket has gone", () => told().includes("websocket disconnected: the connection ended"));

  const reader = get(`${url}/sse?topic=a`);
  await once(reader, "response");
  reader.destroy();
  await eventually("the SSE reader has gone", () => told().includes("sse disconnected: the connection ended"));

  const socket = io(url, { transports: ["websocket"], reconnection: false });
  await once(socket as never, "connect");
  socket.disconnect();
  await eventually("Socket.IO has gone", () => told().includes("socket-io disconnected: it said goodbye"));
});

test("who shows a wrong key is told of once for each way in, and counted", async (t) => {
  const { hub, url } = await startTestIngress(t);
  const wrong = "sbk_0000000000_wrong";
  for (let at = 0; at < 3; at += 1) assert.equal((await fetch(`${url}/sse?topic=a&key=${wrong}`)).status, 401);
  assert.equal((await fetch(`${url}/poll?topic=a&key=${wrong}`)).status, 401);
  assert.equal((await fetch(`${url}/publish/a?key=${wrong}`, { method: "POST", body: "1" })).status, 401);
  const socket = new WebSocket(`${url}/ws?key=${wrong}`);
  await once(socket, "error");
  await assert.rejects(connectMqtt(t, `${url.replace("http", "ws")}/mqtt`, { clientId: "m", username: "m", password: wrong }));
  const foreign = new WebSocket(`${url}/ws`, { origin: "https://evil.example" });
  await once(foreign, "error");
  const refused = hub.sessions.history.recent().filter(({ kind }) => kind === "refused");
  assert.deepEqual(
    refused.map(({ protocol, code, count, name }) => [protocol, code, count, name]),
    [
      ["sse", "KEY_INVALID", 3, "127.0.0.1"],
      ["long-poll", "KEY_INVALID", 1, "127.0.0.1"],
      ["http", "KEY_INVALID", 1, "127.0.0.1"],
      ["websocket", "KEY_INVALID", 1, "127.0.0.1"],
      ["mqtt", "KEY_INVALID", 1, "m"],
      ["websocket", "ORIGIN_REFUSED", 1, "127.0.0.1"],
    ],
  );
});

test("one poll after the other is one session, until none comes for a while", () => {
  const clock = createFakeClock();
  const sessions = createSessions({ clock, lastSeq: () => 0 });
  const pollers = createPollers({ hub: { sessions }, clock });
  const who = { remoteAddress: "10.0.0.7", key: null, filters: ["a/#"] };
  const first = pollers.begin(who, () => {});
  clock.advance(5000);
  first.noteSent([]);
  first.end();
  clock.advance(9000);
  const second = pollers.begin(who, () => {});
  const beside = pollers.begin(who, () => {});
  clock.advance(60_000);
  assert.equal(sessions.list(9).total, 1);
  second.end();
  clock.advance(60_000);
  assert.equal(sessions.list(9).total, 1, "another poll still runs");
  beside.end();
  beside.end();
  pollers.begin({ ...who, filters: ["b"] }, () => {}).end();
  assert.equal(sessions.list(9).total, 2);
  clock.advance(10_000);
  assert.equal(sessions.list(9).total, 0);
  assert.equal(clock.pending(), 0);
  const kinds = sessions.history.recent().map(brief);
  assert.deepEqual(kinds.slice(-1), ["long-poll disconnected: it did not poll again"]);
});

test("a poller that is disconnected has its polls answered and is gone at once", () => {
  const clock = createFakeClock();
  const sessions = createSessions({ clock, lastSeq: () => 0 });
  const pollers = createPollers({ hub: { sessions }, clock });
  let finished = 0;
  const poll = pollers.begin({ remoteAddress: "10.0.0.7", key: "k", filters: [] }, () => {
    finished += 1;
    poll.end();
  });
  assert.ok(sessions.disconnect(sessions.list(1).sessions[0]!.id).ok);
  assert.deepEqual([finished, sessions.list(1).total, clock.pending()], [1, 0, 0]);
});
