import type { TestContext } from "node:test";
import { connect, type IClientOptions, type IConnackPacket, type IPublishPacket, type MqttClient } from "mqtt";

export interface TestClient {
  readonly client: MqttClient;
  readonly connack: IConnackPacket;
  /** The next publication that comes. */
  next(): Promise<IPublishPacket & { readonly text: string }>;
  /** How many have come and were not asked for. */
  waiting(): number;
}

/** mqtt.js, MQTT 5 unless said, which does not reconnect by itself. Ended with the test. */
export async function connectMqtt(t: TestContext, url: string, options: IClientOptions = {}): Promise<TestClient> {
  const come: (IPublishPacket & { readonly text: string })[] = [];
  let wake = (): void => {};
  const client = connect(url, { reconnectPeriod: 0, protocolVersion: 5, ...options });
  t.after(() => client.end(true));
  client.on("message", (_topic, payload, packet) => {
    come.push({ ...packet, text: payload.toString() });
    wake();
  });
  const connack = await new Promise<IConnackPacket>((resolve, reject) => {
    client.once("connect", resolve);
    client.once("error", reject);
  });
  return {
    client,
    connack,
    waiting: () => come.length,
    async next() {
      while (come.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return come.shift()!;
    },
  };
}
