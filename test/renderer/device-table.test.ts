import assert from "node:assert/strict";
import { test } from "node:test";
import type { SessionInfo } from "../../main/contract/session.ts";
import {
  countProtocols,
  firstDirection,
  parseDeviceFilter,
  passesDeviceFilter,
  sortDevices,
  toRate,
  writeDeviceFilter,
  type DeviceSort,
} from "../../renderer/format/device-table.ts";
import type { Device } from "../../renderer/state/device-list.ts";
import { session } from "../support/session.ts";

const device = (change: Partial<SessionInfo>, goneAt: number | null = null): Device => {
  const info = session(change);
  return { key: info.id, info, goneAt, rates: { received: [], sent: [] } };
};
const flow = (perSecond: number) => ({ count: 0, perSecond });

test("names are sorted as people read them, whatever their case and numbers", () => {
  const devices = ["pump-10", "Pump-9", "pump-2", "Älmhult", "alarm"].map((name, at) => device({ name, id: String(at) }));
  const names = (sort: DeviceSort): string[] => sortDevices(devices, sort).map(({ info }) => info.name);
  assert.deepEqual(names({ column: "name", descending: false }), ["alarm", "Älmhult", "pump-2", "Pump-9", "pump-10"]);
  assert.deepEqual(names({ column: "name", descending: true }), ["pump-10", "Pump-9", "pump-2", "Älmhult", "alarm"]);
});

test("every column sorts by what it shows, and equals stay in order of name", () => {
  const devices = [
    device({ id: "1", name: "b", key: null, received: flow(1), sent: flow(9), queuedEvents: 2, remoteAddress: "10.0.0.10" }),
    device({ id: "2", name: "a", key: "k", received: flow(3), sent: flow(0), queuedBytes: 9, remoteAddress: "10.0.0.9", protocol: "sse" }),
    device({ id: "3", name: "c", key: "a", received: flow(50), connectedAt: 1, subscriptionCount: 4, remoteAddress: "10.0.0.9" }, 5),
  ];
  const order = (column: DeviceSort["column"], descending = firstDirection(column)): string =>
    sortDevices(devices, { column, descending })
      .map(({ info }) => info.name)
      .join("");
  assert.equal(order("protocol"), "bca");
  assert.equal(order("address"), "acb");
  assert.equal(order("key"), "cab");
  assert.equal(order("since"), "abc");
  assert.equal(order("in"), "abc", "what is gone sends nothing");
  assert.equal(order("out"), "bac");
  assert.equal(order("queue"), "bac");
  assert.equal(order("subscriptions"), "cab");
});

test("a filter takes words from all that is known of a device, and protocols of which any will do", () => {
  const pump = device({
    name: "Pump-1",
    protocol: "mqtt",
    remoteAddress: "10.0.0.7",
    key: "cellar",
    subscriptions: ["cmd/#"],
    topics: ["t/1"],
  });
  const passes = (line: string): boolean => passesDeviceFilter(pump, parseDeviceFilter(line));
  for (const line of ["", "pump", "PUMP cellar", "10.0.0 cmd/#", "t/1", "protocol:mqtt", "protocol:sse,mqtt pump"])
    assert.ok(passes(line), line);
  for (const line of ["valve", "pump valve", "protocol:sse", "protocol:sse pump", "protocol:nothing"]) assert.ok(!passes(line), line);
  assert.equal(writeDeviceFilter(parseDeviceFilter("  protocol:mqtt,sse  Pump ")), "pump protocol:mqtt,sse");
});

test("protocols are counted without those that are gone", () => {
  const devices = [device({ id: "1" }), device({ id: "2", protocol: "sse" }), device({ id: "3", protocol: "sse" }), device({ id: "4" }, 1)];
  assert.deepEqual(countProtocols(devices), [
    ["sse", 2],
    ["mqtt", 1],
  ]);
});

test("rates are short at any size", () => {
  assert.deepEqual([0, 0.04, 0.4, 9.94, 9.96, 123.4, 999.4, 999.6, 1234, 12_345].map(toRate), [
    "0",
    "0",
    "0.4",
    "9.9",
    "10",
    "123",
    "999",
    "1k",
    "1.2k",
    "12k",
  ]);
});
