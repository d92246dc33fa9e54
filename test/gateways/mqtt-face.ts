import { connectMqtt } from "../support/mqtt-client.ts";
import { refusedWs } from "../support/ws-client.ts";
import type { Face } from "./face.ts";

/** MQTT over WebSocket, by mqtt.js. It goes on by its session and not by a seq, which has tests of its own. */
export const mqttFace: Face = {
  name: "MQTT",
  protocol: "mqtt",
  wildcards: true,
  async openPublisher(t, url) {
    const { client } = await connectMqtt(t, `${url.replace("http", "ws")}/mqtt`);
    return {
      async publish(topic, body, { retain = false } = {}) {
        const sent = client.publishAsync(topic, body, { qos: 1, retain });
        return sent.then(
          () => ({ ok: true }),
          (error: Error) => ({ ok: false, code: error.message }),
        );
      },
    };
  },
  async openReader(t, url, filter) {
    const reader = await connectMqtt(t, `${url.replace("http", "ws")}/ws`);
    await reader.client.subscribeAsync(filter, { qos: 1 });
    return {
      async next() {
        const { topic, payload } = await reader.next();
        return { topic, body: Buffer.from(payload), seq: null };
      },
      drop: () => reader.client.stream.destroy(),
    };
  },
  foreignStatus: async (url) => (await refusedWs(`${url}/mqtt`, ["mqtt"], { Origin: "https://evil.example" })).status,
};
