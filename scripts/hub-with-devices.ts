import { connectAsync, type MqttClient } from "mqtt";
import { WebSocket } from "ws";
import { startHub, type TestHub } from "../test/support/run-signalbox.ts";

/** What each device of the house sends, and how often. */
const DEVICES = [
  {
    name: "kitchen-sensor",
    everyMs: 300,
    topic: "climate",
    value: (at: number) => JSON.stringify({ temperature: round(21 + Math.sin(at / 9)), humidity: 48 }),
  },
  { name: "heat-meter", everyMs: 900, topic: "power", value: (at: number) => String(Math.round(840 + 60 * Math.sin(at / 5))) },
  { name: "cellar-pump", everyMs: 500, topic: "flow", value: (at: number) => String(round(3.2 + Math.sin(at / 3))) },
  {
    name: "weather-mast",
    everyMs: 700,
    topic: "wind",
    value: (at: number) => JSON.stringify({ speed: round(4 + 3 * Math.abs(Math.sin(at / 7))), from: "NW" }),
  },
  { name: "greenhouse", everyMs: 1100, topic: "soil", value: (at: number) => String(round(0.31 - at / 4000)) },
  { name: "door-lock", everyMs: 6000, topic: "state", value: () => "locked" },
  { name: "garage-door", everyMs: 7000, topic: "state", value: () => "closed" },
  { name: "printer-3d", everyMs: 1300, topic: "progress", value: (at: number) => `${Math.min(99, 40 + at)} %` },
  { name: "lab-scale", everyMs: 1700, topic: "grams", value: (at: number) => String(round(212 + Math.sin(at) / 5)) },
  { name: "rack-fan", everyMs: 800, topic: "rpm", value: (at: number) => String(Math.round(1180 + 25 * Math.sin(at))) },
] as const;

export interface HubWithDevices {
  readonly hub: TestHub;
  readonly stop: () => Promise<void>;
}

/** A hub with real MQTT, WebSocket and SSE devices that go on sending; some have keys, and one has the wrong one. */
export async function startHubWithDevices(): Promise<HubWithDevices> {
  const hub = await startHub({ env: { SIGNALBOX_MQTT: "127.0.0.1:0" } });
  const timers: NodeJS.Timeout[] = [];
  const clients: MqttClient[] = [];
  for (const [at, { name, everyMs, topic, value }] of DEVICES.entries()) {
    const secret = at % 3 === 0 ? await makeKey(hub, name) : null;
    const client = await connectAsync(hub.mqtt!, {
      clientId: name,
      protocolVersion: at % 4 === 1 ? 4 : 5,
      will: { topic: `home/${name}/status`, payload: Buffer.from("offline"), qos: 1, retain: true },
      ...(secret === null ? {} : { username: name, password: secret }),
    });
    await client.subscribeAsync([`home/${name}/set/#`, ...(at % 2 === 0 ? ["home/all/set"] : [])]);
    let sent = 0;
    timers.push(setInterval(() => client.publish(`home/${name}/${topic}`, value((sent += 1)), { qos: 1 }), everyMs));
    clients.push(client);
  }
  timers.push(setInterval(() => clients.at(0)?.publish("home/all/set", '{"mode":"eco"}'), 2500));
  const wall = new WebSocket(`${hub.ingress.replace("http", "ws")}/ws`, ["signalbox.v1"]);
  wall.on("open", () => wall.send('{"t":"subscribe","id":1,"filter":"home/+/climate"}'));
  const stream = await fetch(`${hub.ingress}/sse?topic=home/%2B/power`);
  void stream.body!.pipeTo(new WritableStream()).catch(() => undefined); // ends with the hub
  await connectAsync(hub.mqtt!, { clientId: "old-tablet", username: "old-tablet", password: "forgotten", reconnectPeriod: 0 }).catch(
    () => undefined, // turned away, as is to be seen
  );
  return {
    hub,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      for (const client of clients) client.end(true);
      wall.close();
      await hub.stop();
    },
  };
}

async function makeKey(hub: TestHub, name: string): Promise<string> {
  const response = await fetch(`${hub.inspector}/api/v1/keys`, {
    method: "POST",
    headers: { authorization: `Bearer ${hub.token}`, "content-type": "application/json" },
    body: JSON.stringify({ name, publish: ["home/%k/#", "home/all/set"], subscribe: ["home/%k/#", "home/all/set"] }),
  });
  return ((await response.json()) as { secret: string }).secret;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
