import { once } from "node:events";
import type { TestContext } from "node:test";
import { EventSource } from "eventsource";
import { io } from "socket.io-client";
import type { WebSocket } from "ws";
import { openRaw } from "../support/raw-connection.ts";
import { openWs, refusedWs } from "../support/ws-client.ts";
import { createMailbox, type Face, type Received, type Sent } from "./face.ts";

const FOREIGN = { Origin: "https://evil.example" };

interface WireEvent {
  readonly seq: number;
  readonly topic: string;
  readonly payload: string;
  readonly encoding?: "base64";
}

function fromWire({ seq, topic, payload, encoding }: WireEvent): Received {
  return { seq, topic, body: Buffer.from(payload, encoding ?? "utf8") };
}

const httpPublish: Face = {
  name: "HTTP publish",
  protocol: "http",
  wildcards: false,
  openReader: null,
  openFrozen: null,
  openPublisher: (_t, url) =>
    Promise.resolve({
      async publish(topic, body, { retain = false } = {}) {
        const address = `${url}/publish/${topic.split("/").map(encodeURIComponent).join("/")}${retain ? "?retain=1" : ""}`;
        const answer = await fetch(address, { method: "POST", body: new Uint8Array(body) });
        const reply = (await answer.json()) as { error?: { code: string } };
        return answer.status === 201 ? { ok: true } : { ok: false, code: reply.error?.code ?? answer.status };
      },
    }),
  resumesBySeq: true,
  foreignStatus: async (url) => (await fetch(`${url}/publish/x`, { method: "POST", body: "x", headers: FOREIGN })).status,
};

const webSocket: Face = {
  name: "WebSocket",
  protocol: "websocket",
  wildcards: true,
  async openPublisher(t, url) {
    const client = await openWs(t, `${url}/ws`, ["signalbox.v1"]);
    let id = 0;
    return {
      async publish(topic, body, { retain = false } = {}) {
        id += 1;
        client.send({ t: "publish", id, topic, payload: body.toString("base64"), encoding: "base64", ack: true, retain });
        const reply = await client.json();
        return reply["t"] === "ack" ? { ok: true } : { ok: false, code: String(reply["code"]) };
      },
    };
  },
  async openReader(t, url, filter, after) {
    const client = await openWs(t, `${url}/ws`, ["signalbox.v1"]);
    client.send({ t: "subscribe", id: 1, filter, after });
    await client.json();
    return { next: async () => fromWire((await client.json()) as unknown as WireEvent), drop: () => client.socket.terminate() };
  },
  openFrozen: async (t, url, filter) => {
    const client = await openWs(t, `${url}/ws`, ["signalbox.v1"]);
    client.send({ t: "subscribe", id: 1, filter });
    await client.json();
    client.socket.pause();
  },
  resumesBySeq: true,
  foreignStatus: async (url) => (await refusedWs(`${url}/ws`, ["signalbox.v1"], FOREIGN)).status,
};

const plainWebSocket: Face = {
  name: "WebSocket of one topic",
  protocol: "websocket",
  wildcards: false,
  async openPublisher(t, url, topic) {
    const clients = new Map<string, Awaited<ReturnType<typeof openWs>>>();
    const clientOf = async (address: string): Promise<Awaited<ReturnType<typeof openWs>>> => {
      const client = clients.get(address) ?? (await openWs(t, address));
      clients.set(address, client);
      return client;
    };
    await clientOf(`${url}/ws/topic/${encodeURIComponent(topic)}`);
    return {
      async publish(to, body, { retain = false } = {}): Promise<Sent> {
        const client = await clientOf(`${url}/ws/topic/${encodeURIComponent(to)}${retain ? "?retain=1" : ""}`);
        client.socket.send(body, { binary: true });
        // Its own event comes back once it is stored: nothing else says so here.
        const back = client.next().then(() => ({ ok: true }) as const);
        return Promise.race([back, client.closed.then(({ code }) => ({ ok: false, code }) as const)]);
      },
    };
  },
  async openReader(t, url, filter, after) {
    const client = await openWs(t, `${url}/ws/topic/${encodeURIComponent(filter)}${after === undefined ? "" : `?after=${after}`}`);
    return { next: async () => ({ topic: filter, seq: null, body: (await client.next()).data }), drop: () => client.socket.terminate() };
  },
  openFrozen: async (t, url, filter) => (await openWs(t, `${url}/ws/topic/${encodeURIComponent(filter)}`)).socket.pause(),
  resumesBySeq: true,
  foreignStatus: async (url) => (await refusedWs(`${url}/ws/topic/x`, [], FOREIGN)).status,
};

interface CloudEvent {
  readonly topic: string;
  readonly sequence: string;
  readonly data?: unknown;
  readonly data_base64?: string;
}

const cloudEvents: Face = {
  name: "WebSocket with CloudEvents",
  protocol: "websocket",
  wildcards: true,
  async openPublisher(t, url) {
    const client = await openWs(t, `${url}/ws?topic=%23`, ["cloudevents.json"]);
    let id = 0;
    return {
      async publish(subject, body) {
        id += 1;
        const head = { specversion: "1.0", id: String(id), source: "/test", type: "test", subject };
        const data = body.length === 0 ? {} : { data_base64: body.toString("base64") };
        client.send({ ...head, ...data });
        const back = client.next().then(() => ({ ok: true }) as const);
        return Promise.race([back, client.closed.then(({ code }) => ({ ok: false, code }) as const)]);
      },
    };
  },
  async openReader(t, url, filter, after) {
    const from = after === undefined ? "" : `&after=${after}`;
    const client = await openWs(t, `${url}/ws?topic=${encodeURIComponent(filter)}${from}`, ["cloudevents.json"]);
    const next = async (): Promise<Received> => {
      const { topic, sequence, data, data_base64: base64 } = JSON.parse((await client.next()).data.toString()) as CloudEvent;
      const text = data === undefined ? "" : typeof data === "string" ? data : JSON.stringify(data);
      return { topic, seq: Number(sequence), body: base64 === undefined ? Buffer.from(text) : Buffer.from(base64, "base64") };
    };
    return { next, drop: () => client.socket.terminate() };
  },
  openFrozen: async (t, url, filter) =>
    (await openWs(t, `${url}/ws?topic=${encodeURIComponent(filter)}`, ["cloudevents.json"])).socket.pause(),
  resumesBySeq: true,
  foreignStatus: async (url) => (await refusedWs(`${url}/ws`, ["cloudevents.json"], FOREIGN)).status,
};

const sse: Face = {
  name: "SSE",
  protocol: "sse",
  wildcards: true,
  openPublisher: null,
  async openReader(t, url, filter, after) {
    const mailbox = createMailbox<Received>();
    const from = after === undefined ? "" : `&after=${after}`;
    const source = new EventSource(`${url}/sse?topic=${encodeURIComponent(filter)}${from}`);
    // EventSource tells of an event by its name, which is the topic: any of them is wanted here.
    source.dispatchEvent = (event) => {
      if (!("data" in event)) return EventSource.prototype.dispatchEvent.call(source, event);
      const { type: topic, data, lastEventId } = event as MessageEvent<string>;
      mailbox.put({ topic, seq: Number(lastEventId), body: unwrap(data) });
      return true;
    };
    t.after(() => source.close());
    await once(source as unknown as NodeJS.EventEmitter & EventTarget, "open");
    return { next: () => mailbox.next(), drop: () => source.close() };
  },
  openFrozen: async (t, url, filter) => {
    const { host, port } = new URL(url);
    const raw = await openRaw(t, Number(port));
    raw.send(`GET /sse?topic=${encodeURIComponent(filter)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    await once(raw.socket, "data");
    raw.socket.pause();
  },
  resumesBySeq: true,
  foreignStatus: async (url) => (await fetch(`${url}/sse?topic=x`, { headers: FOREIGN })).status,
};

function unwrap(data: string): Buffer {
  if (!data.startsWith('{"seq":') || !data.includes('"encoding":"base64"')) return Buffer.from(data);
  return fromWire(JSON.parse(data) as WireEvent).body;
}

const longPoll: Face = {
  name: "Long-poll",
  protocol: "long-poll",
  wildcards: true,
  openPublisher: null,
  async openReader(t, url, filter, after) {
    const mailbox = createMailbox<Received>();
    const stop = new AbortController();
    const ask = async (from: number | "now", wait: number): Promise<number> => {
      const address = `${url}/poll?topic=${encodeURIComponent(filter)}&after=${from}&wait=${wait}`;
      const answer = await fetch(address, { signal: stop.signal });
      const { events, cursor } = (await answer.json()) as { events: WireEvent[]; cursor: number };
      for (const event of events) mailbox.put(fromWire(event));
      return cursor;
    };
    // Its cursor is its subscription: once it has one, nothing is missed.
    let cursor = after ?? (await ask("now", 0));
    const go = async (): Promise<never> => {
      for (;;) cursor = await ask(cursor, 10);
    };
    const going = go().catch(() => undefined); // ends by the abort, or with its hub
    t.after(async () => {
      stop.abort();
      await going;
    });
    return { next: () => mailbox.next(), drop: () => stop.abort() };
  },
  openFrozen: null,
  resumesBySeq: true,
  foreignStatus: async (url) => (await fetch(`${url}/poll?topic=x`, { headers: FOREIGN })).status,
};

const socketIo: Face = {
  name: "Socket.IO",
  protocol: "socket-io",
  wildcards: true,
  openPublisher(t, url) {
    const socket = connectSocketIo(t, url);
    return Promise.resolve({
      async publish(topic, body, { retain = false } = {}) {
        const reply = (await socket.emitWithAck("publish", topic, body, { retain })) as { error?: { code: string } };
        return reply.error ? { ok: false, code: reply.error.code } : { ok: true };
      },
    });
  },
  async openReader(t, url, filter, after) {
    const socket = connectSocketIo(t, url);
    const mailbox = createMailbox<Received>();
    socket.on("event", ({ seq, topic, payload }: { seq: number; topic: string; payload: string | Buffer }) =>
      mailbox.put({ seq, topic, body: Buffer.from(payload) }),
    );
    await socket.emitWithAck("subscribe", filter, after);
    return { next: () => mailbox.next(), drop: () => socket.io.engine.close() };
  },
  openFrozen: async (t, url, filter) => {
    const socket = connectSocketIo(t, url);
    await socket.emitWithAck("subscribe", filter);
    (socket.io.engine.transport as unknown as { ws: WebSocket }).ws.pause();
  },
  resumesBySeq: true,
  foreignStatus: async (url) => (await refusedWs(`${url}/socket.io/?EIO=4&transport=websocket`, [], FOREIGN)).status,
};

function connectSocketIo(t: TestContext, url: string): ReturnType<typeof io> {
  const socket = io(url, { transports: ["websocket"], forceNew: true });
  t.after(() => socket.close());
  return socket;
}

/** Every way in and out. */
export const FACES: readonly Face[] = [httpPublish, webSocket, plainWebSocket, cloudEvents, sse, longPoll, socketIo];
