import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionInfo } from "../../main/contract/session.ts";
import {
  applyChanges,
  dropGone,
  findDevice,
  GONE_MS,
  markAllGone,
  sampleRates,
  SAMPLES,
  type DeviceMap,
} from "../../renderer/state/device-list.ts";
import { session } from "../support/session.ts";

const NONE: DeviceMap = new Map();
const tell = (before: DeviceMap, changed: readonly SessionInfo[], gone: readonly string[] = [], now = 1000): DeviceMap =>
  applyChanges(before, { changed, gone, total: 0 }, now);
const lines = (devices: DeviceMap): string[] =>
  [...devices.values()].map(({ key, info, goneAt }) => `${key} ${info.id} ${info.name}${goneAt === null ? "" : " gone"}`);

test("a device that left keeps its line for a while, and longer while somebody looks at it", () => {
  const there = tell(NONE, [session({ id: "1", connectedAt: 36, name: "pump" }), session({ id: "2", connectedAt: 36, name: "valve" })]);
  const left = tell(there, [], ["1", "2"], 5000);
  assert.deepEqual(lines(left), ["1-10 1 pump gone", "2-10 2 valve gone"]);
  assert.equal(dropGone(left, 5000 + GONE_MS, null), left);
  assert.deepEqual(lines(dropGone(left, 5001 + GONE_MS, "2-10")), ["2-10 2 valve gone"]);
});

test("an MQTT client that comes again takes its line again, whatever address it has now", () => {
  const there = tell(NONE, [session({ id: "1", connectedAt: 36, protocol: "mqtt", name: "pump", remoteAddress: "10.0.0.1" })]);
  const back = session({ id: "7", connectedAt: 72, protocol: "mqtt", name: "pump", remoteAddress: "10.0.0.2" });
  assert.deepEqual(lines(tell(there, [back], ["1"])), ["1-10 7 pump"], "at once");
  const again = tell(tell(there, [], ["1"]), [back]);
  assert.deepEqual(lines(again), ["1-10 7 pump"], "later");
  for (const item of ["1-10", "7", "7-20"]) assert.equal(findDevice(again, item)?.info.id, "7", item);
  assert.equal(findDevice(again, "1"), null);
});

test("another peer from the same address that follows something else has a line of its own", () => {
  const one = session({ id: "1", protocol: "sse", name: "127.0.0.1", subscriptions: ["a"] });
  const other = session({ id: "2", protocol: "sse", name: "127.0.0.1", subscriptions: ["b"] });
  assert.equal(tell(tell(NONE, [one]), [other], ["1"]).size, 2);
  assert.equal(tell(tell(NONE, [one]), [{ ...one, id: "3" }], ["1"]).size, 1);
});

test("after the hub was started anew, the same number is another session", () => {
  const before = tell(NONE, [session({ id: "1", connectedAt: 36, name: "pump", protocol: "mqtt" })]);
  const after = tell(markAllGone(before, 2000), [session({ id: "1", connectedAt: 72, name: "valve", protocol: "mqtt" })]);
  assert.deepEqual(lines(after), ["1-10 1 pump gone", "1-20 1 valve"]);
});

test("what a session has become keeps its line and its rates, bounded, and of idle ones nothing is kept", () => {
  const flow = (perSecond: number) => ({ count: 1, perSecond });
  let devices = tell(NONE, [session({ id: "1", connectedAt: 1 }), session({ id: "2", connectedAt: 1 })]);
  sampleRates(devices);
  devices = tell(devices, [session({ id: "1", connectedAt: 1, received: flow(3) })]);
  sampleRates(devices);
  devices = tell(devices, [session({ id: "1", connectedAt: 1, received: flow(0), sent: flow(2) })]);
  for (let second = 0; second < SAMPLES + 5; second += 1) sampleRates(devices);
  const { rates } = devices.get("1-1")!;
  assert.deepEqual([rates.received.length, rates.sent.at(-1), rates.received.at(-1)], [SAMPLES, 2, 0]);
  assert.deepEqual(devices.get("2-1")!.rates, { received: [], sent: [] });
  devices = tell(devices, [], ["1"]);
  sampleRates(devices);
  assert.equal(devices.get("1-1")!.rates.sent.at(-1), 0, "nothing goes through what is gone");
});
