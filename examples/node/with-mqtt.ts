// A lamp: keeps its state as a retained event, and is switched by publishing to lab/node/lamp/set.
import { connectAsync } from "mqtt";

const { HUB_URL = "mqtt://127.0.0.1:1883", HUB_KEY, HUB_KEY_NAME } = process.env;
const state = "lab/node/lamp";

const client = await connectAsync(HUB_URL, {
  protocolVersion: 5,
  ...(HUB_KEY === undefined ? {} : { username: HUB_KEY_NAME ?? "", password: HUB_KEY }),
  // Published by the hub if this program ends without a word.
  will: { topic: `${state}/status`, payload: Buffer.from("offline"), qos: 1, retain: true },
});
client.on("reconnect", () => console.log("· connecting"));
client.on("error", (error) => console.error(`! ${error.message}`));

client.on("message", (topic, payload) => {
  console.log(`${topic} ${payload.toString()}`);
  if (topic === `${state}/set`) client.publish(state, payload.toString() === "on" ? "on" : "off", { qos: 1, retain: true });
});
await client.subscribeAsync([`${state}/set`, state], { qos: 1 });
await client.publishAsync(`${state}/status`, "online", { qos: 1, retain: true });
await client.publishAsync(`${state}/set`, "on", { qos: 1 });

process.once("SIGINT", () => {
  void client.publishAsync(`${state}/status`, "offline", { qos: 1, retain: true }).then(() => client.endAsync());
});
