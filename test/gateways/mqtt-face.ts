import { connectMqtt } from "../support/mqtt-client.ts";
import { CONNECT, openRaw } from "../support/raw-mqtt.ts";
import { openWs, refusedWs } from "../support/ws-client.ts";
import type { Face, Sent } from "./face.ts";

/** By mqtt.js. It goes on by its session and not by a seq. */
const mqtt: Omit<Face, "name" | "openFrozen" | "foreignStatus"> = {
  protocol: "mqtt",
  wildcards: true,
  resumesBySeq: false,
  async openPublisher(t, url) {
    const { client } = await connectMqtt(t, url);
    const closed = new Promise<Sent>((resolve) => client.once("close", () => resolve({ ok: false, code: "closed" })));
    return {
      async publish(topic, body, { retain = false } = {}) {
        const sent = client.publishAsync(topic, body, { qos: 1, retain }).then(
          (): Sent => ({ ok: true }),
          (error: Error & { code?: number }): Sent => ({ ok: false, code: error.code ?? error.message }),
        );
        return Promise.race([sent, closed]);
      },
    };
  },
  async openReader(t, url, filter) {
    const reader = await connectMqtt(t, url);
    await reader.client.subscribeAsync(filter, { qos: 1 });
    return {
      async next() {
        const { topic, payload } = await reader.next();
        return { topic, body: Buffer.from(payload), seq: null };
      },
      drop: () => reader.client.stream.destroy(),
    };
  },
};

/** SUBSCRIBE to the filter at QoS 0, as 3.1.1 writes it. */
function subscribeTo(filter: string): string {
  const text = Buffer.from(filter);
  return Buffer.concat([Buffer.from([0x82, text.length + 5, 0, 1, 0, text.length]), text, Buffer.from([0])]).toString("hex");
}

export const mqttOverTcp: Face = {
  ...mqtt,
  name: "MQTT",
  urlOf: ({ mqttUrl }) => mqttUrl,
  foreignStatus: null,
  async openFrozen(t, url, filter) {
    const peer = await openRaw(t, Number(new URL(url).port));
    peer.send(CONNECT.v4 + subscribeTo(filter));
    await peer.packet();
    await peer.packet();
    peer.socket.pause();
  },
};

export const mqttOverWebSocket: Face = {
  ...mqtt,
  name: "MQTT over WebSocket",
  urlOf: ({ url }) => `${url.replace("http", "ws")}/mqtt`,
  foreignStatus: async (url) => (await refusedWs(url.replace("ws", "http"), ["mqtt"], { Origin: "https://evil.example" })).status,
  async openFrozen(t, url, filter) {
    const peer = await openWs(t, url.replace("ws", "http"), ["mqtt"]);
    peer.socket.send(Buffer.from((CONNECT.v4 + subscribeTo(filter)).replaceAll(" ", ""), "hex"));
    for (let bytes = 0; bytes < 4 + 5; bytes += (await peer.next()).data.length);
    peer.socket.pause();
  },
};
