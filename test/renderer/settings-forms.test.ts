import assert from "node:assert/strict";
import { test } from "node:test";
import type { BridgeInfo } from "../../main/contract/bridge.ts";
import { KEEP_EVERYTHING, type RecordRule } from "../../main/contract/settings.ts";
import {
  bridgeFault,
  bridgeUrlFault,
  fromBridgeForm,
  losesPassword,
  NEW_BRIDGE,
  routeFaults,
  toBridgeForm,
} from "../../renderer/format/bridge-form.ts";
import { keyCommands } from "../../renderer/format/key-commands.ts";
import { choiceFault, expandFilter, keyFilterFault, keyNameFault, toExpiry, toFilters } from "../../renderer/format/key-form.ts";
import { fromListenerForm, isBeyondLoopback, listenerFaults, movedTo, toListenerForm } from "../../renderer/format/listener-form.ts";
import { decidingRule, moveRule, ruleFault, rulesFault } from "../../renderer/format/record-rules.ts";
import { fromRetentionForm, removalText, removedBy, retentionFaults, toRetentionForm } from "../../renderer/format/retention-form.ts";

const NOW = new Date(2026, 10, 22, 12).getTime();
const DAY = 86_400_000;

test("a key's expiry is a span from now, or the end of a day that is not past", () => {
  const expiry = (expiry: "never" | "7d" | "date", expiryDate = "") => toExpiry({ expiry, expiryDate }, NOW);
  assert.equal(expiry("never"), null);
  assert.equal(expiry("7d"), NOW + 7 * DAY);
  assert.equal(expiry("date", "2026-11-22"), new Date(2026, 10, 23).getTime() - 1);
  assert.match(String(expiry("date", "2026-11-21")), /past/);
  assert.match(String(expiry("date")), /Choose the last day/);
});

test("a key's name and filters are judged with what to do about them", () => {
  assert.match(keyNameFault("", [])!, /Give the key a name/);
  assert.match(keyNameFault("pump 1", [])!, /letters, digits/);
  assert.match(keyNameFault("pump", ["pump"])!, /already/);
  assert.equal(keyNameFault("pump-1", ["pump"]), null);
  assert.equal(keyFilterFault("pumps/%k/+/#"), null);
  assert.equal(keyFilterFault("a/#/b"), "# must be the whole last level.");
  assert.match(keyFilterFault("")!, /Type a topic filter/);
  assert.equal(choiceFault({ reach: "all", filters: ["a/#/b"] }), null);
  assert.notEqual(choiceFault({ reach: "some", filters: ["a", "a/#/b"] }), null);
  assert.deepEqual(toFilters({ reach: "none", filters: ["a"] }), []);
  assert.deepEqual(toFilters({ reach: "some", filters: ["a"] }), ["a"]);
});

test("place holders are shown as what they become, and only where there are some", () => {
  assert.equal(expandFilter("pumps/%k/%c", "pump", "p1"), "pumps/pump/p1");
  assert.equal(expandFilter("pumps/#", "pump"), null);
});

test("the commands for a new key publish where it may, to the listeners there are", () => {
  const key = {
    name: "pump",
    secret: "sbk_x",
    createdAt: 0,
    expiresAt: null,
    enabled: true,
    lastUsedAt: null,
    publish: ["pumps/%k/#"],
    subscribe: [],
  };
  const listeners = [
    { name: "mqtt", url: "mqtt://127.0.0.1:1883" },
    { name: "ingress", url: "http://127.0.0.1:4800/" },
  ] as const;
  const [mqtt, http] = keyCommands(key, listeners);
  assert.equal(mqtt!.command, "mosquitto_pub -h 127.0.0.1 -p 1883 -u pump -P sbk_x -i pump -t pumps/pump/hello -m hello");
  assert.equal(http!.command, "curl http://127.0.0.1:4800/publish/pumps/pump/hello -H 'Authorization: Bearer sbk_x' -d hello");
  assert.deepEqual(keyCommands({ ...key, publish: [] }, listeners), []);
});

test("a bound is shown in the largest unit that loses nothing, and comes back as it was", () => {
  for (const retention of [
    { keepForMs: 30 * DAY, keepEvents: 1_000_000, keepBytes: 3 * 1024 ** 3 },
    { keepForMs: 90 * 60_000, keepEvents: 1, keepBytes: 1024 ** 2 },
    { keepForMs: null, keepEvents: null, keepBytes: 1536 * 1024 ** 2 },
    { keepForMs: 1001, keepEvents: 1234, keepBytes: 1_234_567_891 },
  ])
    assert.deepEqual(fromRetentionForm(toRetentionForm(retention)), retention);
  const { time } = toRetentionForm({ ...KEEP_EVERYTHING, keepForMs: 36 * 3_600_000 });
  assert.deepEqual([time.amount, time.unit], ["36", "h"]);
  assert.equal(toRetentionForm(KEEP_EVERYTHING).time.isOn, false);
});

test("a bound that is no number, too small or too large is told; one that is off is not looked at", () => {
  const form = toRetentionForm(KEEP_EVERYTHING);
  const time = (amount: string, isOn = true) => retentionFaults({ ...form, time: { isOn, amount, unit: "min" } }).time;
  assert.match(time("soon")!, /number/);
  assert.match(time("0")!, /At least/);
  assert.equal(time("1,440"), null);
  assert.equal(time("0.5"), null);
  assert.equal(time("soon", false), null);
  assert.match(retentionFaults({ ...form, bytes: { isOn: true, amount: "99999999999", unit: "TB" } }).bytes!, /more than any log/);
});

test("what a bound would remove is the most that any of the three does", () => {
  const log = { events: 1000, fileBytes: 4000, reusableBytes: 2000 };
  assert.equal(removedBy(KEEP_EVERYTHING, log, 0), 0);
  assert.equal(removedBy({ ...KEEP_EVERYTHING, keepForMs: 1 }, log, 120), 120);
  assert.equal(removedBy({ ...KEEP_EVERYTHING, keepEvents: 700 }, log, 120), 300);
  assert.equal(removedBy({ keepForMs: 1, keepEvents: 700, keepBytes: 1000 }, log, 120), 500);
  assert.match(removalText({ ...KEEP_EVERYTHING, keepEvents: 700 }, 300, 1000)!, /about 300 events of 1,000 events/);
  assert.match(removalText({ ...KEEP_EVERYTHING, keepEvents: 2000 }, 0, 1000)!, /Nothing/);
  assert.equal(removalText(KEEP_EVERYTHING, 0, 1000), null);
});

test("the first record rule that matches decides, and one with an earlier filter is never reached", () => {
  const rules: readonly RecordRule[] = [
    { filter: "a/+", policy: "last" },
    { filter: "a/#", policy: "none" },
    { filter: "a/+", policy: "all" },
  ];
  assert.equal(decidingRule(rules, "a/b"), 0);
  assert.equal(decidingRule(rules, "a/b/c"), 1);
  assert.equal(decidingRule(rules, "b"), null);
  assert.equal(ruleFault(rules, 0), null);
  assert.match(ruleFault(rules, 2)!, /Rule 1 has the same filter/);
  assert.match(rulesFault(rules)!, /Mend/);
  assert.equal(rulesFault(rules.slice(0, 2)), null);
  assert.deepEqual(
    moveRule(rules, 2, 0).map(({ policy }) => policy),
    ["all", "last", "none"],
  );
  assert.equal(moveRule(rules, 0, -1), rules);
});

test("a listener's address comes back as it was, in brackets for IPv6", () => {
  for (const address of ["127.0.0.1:4800", "0.0.0.0:0", "192.168.1.7:1883", "[::1]:1883", "desk.local:80"])
    assert.equal(fromListenerForm(toListenerForm({ name: "ingress", address, configured: null })), address);
  assert.equal(fromListenerForm(toListenerForm({ name: "mqtts", address: null, configured: null })), "127.0.0.1:8883");
  assert.equal(fromListenerForm(toListenerForm({ name: "mqtt", address: null, configured: "127.0.0.1:2883" })), "127.0.0.1:2883");
});

test("a listener beyond this machine is recognised, and faults stand with their field", () => {
  const beyond = (host: string) => isBeyondLoopback({ reach: "one", host, port: "1" });
  assert.deepEqual(["127.0.0.1", "127.1.2.3", "::1", "localhost"].map(beyond), [false, false, false, false]);
  assert.deepEqual(["192.168.1.7", "::", "127.evil.example"].map(beyond), [true, true, true]);
  assert.equal(isBeyondLoopback({ reach: "all", host: "", port: "1" }), true);
  assert.deepEqual(listenerFaults({ reach: "local", host: "", port: "65535" }), { host: null, port: null });
  const faults = listenerFaults({ reach: "one", host: "a b", port: "65536" });
  assert.match(faults.host!, /address of this machine/);
  assert.match(faults.port!, /1 to 65535/);
});

test("a page whose listener has moved follows it, by its own name when every address is listened on", () => {
  const login = "http://127.0.0.1:5000/#login=x";
  const page = (hostname: string) => ({ hostname, pathname: "/settings/listeners" });
  assert.equal(movedTo(page("127.0.0.1"), login, "127.0.0.1:5000"), "http://127.0.0.1:5000/settings/listeners#login=x");
  assert.equal(movedTo(page("192.168.1.7"), login, "0.0.0.0:5000"), "http://192.168.1.7:5000/settings/listeners#login=x");
});

const INFO: BridgeInfo = {
  name: "up",
  url: "mqtts://broker.example",
  version: 4,
  username: "me",
  hasPassword: true,
  ca: null,
  subscribe: [{ filter: "#", localPrefix: "in/", remotePrefix: "" }],
  publish: [{ filter: "a/+", localPrefix: "", remotePrefix: "out/" }],
  fromFile: false,
};

test("a bridge that is edited leaves its password out, unless it is for another address or typed anew", () => {
  const { hasPassword: _kept, fromFile: _made, ...rest } = INFO;
  const form = toBridgeForm(INFO);
  assert.deepEqual(fromBridgeForm(form), rest);
  assert.equal(fromBridgeForm({ ...form, keepsPassword: false, password: "new" }).password, "new");
  assert.equal(fromBridgeForm({ ...form, keepsPassword: false }).password, null);
  assert.equal(losesPassword(form, INFO), false);
  assert.equal(losesPassword({ ...form, url: "mqtts://other.example" }, INFO), true);
  assert.equal(losesPassword({ ...form, username: "" }, INFO), true);
  assert.equal(losesPassword({ ...form, url: "" }, null), false);
});

test("a bridge's address, prefixes and routes are judged one by one", () => {
  assert.equal(bridgeUrlFault("mqtts://broker.example:8883"), null);
  assert.match(bridgeUrlFault("broker.example")!, /Begin with mqtt/);
  assert.match(bridgeUrlFault("mqtt://me:secret@broker.example")!, /fields of their own/);
  const faults = routeFaults({ filter: "a/#/b", localPrefix: "in", remotePrefix: "+/" });
  assert.match(faults.filter!, /last level/);
  assert.match(faults.localPrefix!, /End the prefix with/);
  assert.match(faults.remotePrefix!, /no wildcards/);
  assert.match(bridgeFault({ ...NEW_BRIDGE, name: "up", url: "mqtt://b" }, [])!, /Type a topic filter/);
  assert.equal(bridgeFault(toBridgeForm(INFO), []), null);
  assert.match(bridgeFault(toBridgeForm(INFO), ["up"])!, /already/);
});
