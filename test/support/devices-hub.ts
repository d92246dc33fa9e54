import type { TestContext } from "node:test";
import { createInspectorApi, type InspectorApi } from "./inspector-api.ts";
import { startHub, type StartHubOptions, type TestHub } from "./run-signalbox.ts";

export interface DevicesHub extends TestHub {
  /** `mqtt://host:port` */
  readonly mqtt: string;
  readonly mqttPort: string;
  readonly api: InspectorApi;
  /** Makes a key and gives its secret. */
  addKey(name: string): Promise<string>;
}

/** The real program with MQTT; stopped after the test. */
export async function startDevicesHub(t: TestContext, { env = {}, ...options }: StartHubOptions = {}): Promise<DevicesHub> {
  const hub = await startHub({ env: { SIGNALBOX_MQTT: "127.0.0.1:0", ...env }, ...options });
  t.after(() => hub.stop());
  const { mqtt } = hub.json as unknown as { mqtt: string };
  return {
    ...hub,
    mqtt,
    mqttPort: new URL(mqtt).port,
    api: createInspectorApi(hub),
    async addKey(name) {
      const answer = await fetch(`${hub.inspector}/api/v1/keys`, {
        method: "POST",
        headers: { Authorization: `Bearer ${hub.token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ name, publish: ["#"], subscribe: ["#"] }),
      });
      if (!answer.ok) throw new Error(`The key was not made: ${answer.status} ${await answer.text()}`);
      return ((await answer.json()) as { secret: string }).secret;
    },
  };
}
