import assert from "node:assert/strict";
import { test } from "node:test";
import type { ListenerInfo } from "../../main/contract/listener.ts";
import { deviceSnippets, firstDeviceSnippets } from "../../renderer/format/device-snippets.ts";
import { presetFilters, presetWords, NEW_DEVICE } from "../../renderer/format/pair-form.ts";
import { connectionUri, expandFor, hubAddresses, type DeviceKey, type HubAddress } from "../../renderer/format/pairing.ts";

const listener = (name: ListenerInfo["name"], address: string, url: string, hosts: readonly string[]): ListenerInfo => ({
  name,
  state: "listening",
  reason: null,
  address,
  configured: address,
  changed: false,
  url,
  hosts,
  tls: name === "mqtts" || name === "https",
  connections: 0,
});
const key: DeviceKey = { name: "pump", secret: "sbk_abc_def", topic: "pump/hello", filter: "pump/#" };
const local: HubAddress = {
  host: "127.0.0.1",
  isLoopback: true,
  mqtt: { port: 1883, tls: false },
  http: { port: 4800, tls: false },
};

test("addresses that others can dial come first, each with what listens there", () => {
  const addresses = hubAddresses([
    listener("mqtt", "0.0.0.0:1884", "mqtt://127.0.0.1:1884", ["192.168.1.5", "10.8.0.2"]),
    listener("ingress", "127.0.0.1:4800", "http://127.0.0.1:4800", ["127.0.0.1"]),
    listener("mqtts", "[::]:8883", "mqtts://[::1]:8883", ["192.168.1.5", "fd00::5"]),
    listener("inspector", "127.0.0.1:4801", "http://127.0.0.1:4801", ["127.0.0.1"]),
  ]);
  assert.deepEqual(addresses, [
    { host: "192.168.1.5", isLoopback: false, mqtt: { port: 1884, tls: false }, http: null },
    { host: "10.8.0.2", isLoopback: false, mqtt: { port: 1884, tls: false }, http: null },
    { host: "[fd00::5]", isLoopback: false, mqtt: { port: 8883, tls: true }, http: null },
    { host: "127.0.0.1", isLoopback: true, mqtt: { port: 1884, tls: false }, http: { port: 4800, tls: false } },
  ]);
  const off = { ...listener("mqtt", "127.0.0.1:1883", "", []), state: "off", url: null, address: null } as const;
  assert.deepEqual(hubAddresses([off]), []);
});

test("a key's filters become a topic and a filter for the device", () => {
  assert.deepEqual(expandFor(["%k/#"], "pump"), { topic: "pump/hello", filter: "pump/#" });
  assert.deepEqual(expandFor(["a/+/%c"], "pump"), { topic: "a/hello/pump", filter: "a/+/pump" });
  assert.deepEqual(expandFor(["#"], "pump"), { topic: "pump/hello", filter: "pump/#" });
  assert.equal(expandFor([], "pump"), null);
});

test("the link for the QR code has address, name and secret, by MQTT where that is there", () => {
  assert.equal(connectionUri(local, key), "mqtt://pump:sbk_abc_def@127.0.0.1:1883");
  assert.equal(connectionUri({ ...local, mqtt: null }, key), "http://127.0.0.1:4800/sse?topic=pump%2F%23&key=sbk_abc_def");
  assert.equal(connectionUri({ ...local, mqtt: null, http: null }, key), null);
});

test("every snippet has the real address and the secret, and only what is reachable and allowed is offered", () => {
  const ids = (address: HubAddress): string[] => deviceSnippets(address, key).map(({ id }) => id);
  assert.deepEqual(ids(local), ["arduino", "micropython", "python", "mosquitto", "node", "browser", "curl"]);
  assert.deepEqual(ids({ ...local, mqtt: null }), ["browser", "curl"]);
  for (const { id, text } of deviceSnippets({ ...local, host: "192.168.1.5" }, key)) {
    assert.ok(text.includes("192.168.1.5") && text.includes(key.secret) && text.includes("hello"), id);
    assert.ok(text.includes(id === "browser" || id === "curl" ? "4800" : "1883"), id);
  }
  for (const { id, text } of deviceSnippets(local, { ...key, filter: null })) assert.ok(!text.includes("pump/#"), id);
  for (const { id, text } of deviceSnippets(local, { ...key, topic: null })) assert.ok(!text.includes("pump/hello"), id);
});

test("where only TLS is spoken, the snippets speak it", () => {
  const secure: HubAddress = { ...local, mqtt: { port: 8883, tls: true }, http: { port: 4843, tls: true } };
  const text = new Map(deviceSnippets(secure, key).map((one) => [one.id, one.text]));
  assert.match(text.get("mosquitto")!, /-p 8883 --cafile signalbox\.pem -u pump/);
  assert.match(text.get("node")!, /mqtts:\/\/127\.0\.0\.1:8883/);
  assert.match(text.get("python")!, /tls_set/);
  assert.match(text.get("arduino")!, /WiFiClientSecure/);
  assert.match(text.get("browser")!, /https:\/\/127\.0\.0\.1:4843/);
  assert.match(text.get("curl")!, /--cacert/);
});

test("the first device on the hub's own machine needs one line", () => {
  assert.deepEqual(
    firstDeviceSnippets(local).map(({ id, text }) => [id, text]),
    [
      ["mosquitto", "mosquitto_sub -h 127.0.0.1 -p 1883 -i my-device -t 'hello/#' -v"],
      ["wscat", "npx wscat -c ws://127.0.0.1:4800/ws/topic/hello"],
      ["curl", "curl -N 'http://127.0.0.1:4800/sse?topic=hello/%23'"],
      [
        "python",
        `python3 -c "import paho.mqtt.subscribe as s; s.callback(lambda c, u, m: print(m.topic, m.payload), 'hello/#', hostname='127.0.0.1', port=1883)"`,
      ],
    ],
  );
});

test("a preset gives a device what it says", () => {
  assert.deepEqual(presetFilters(NEW_DEVICE), { publish: ["%k/#"], subscribe: ["%k/#"] });
  assert.deepEqual(presetFilters({ ...NEW_DEVICE, preset: "sensor" }), { publish: ["%k/#"], subscribe: [] });
  assert.deepEqual(presetFilters({ ...NEW_DEVICE, preset: "all" }), { publish: ["#"], subscribe: ["#"] });
  const custom = {
    ...NEW_DEVICE,
    preset: "custom",
    publish: { reach: "none", filters: [] },
    subscribe: { reach: "all", filters: [] },
  } as const;
  assert.deepEqual(presetFilters(custom), { publish: [], subscribe: ["#"] });
  assert.match(presetWords("own", "pump").text, /pump\/#/);
});
