import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, commandForKey, createCommands, type Command } from "../../renderer/state/commands.ts";

const DEVICES: Command = { id: "page.devices", title: "Devices", section: "Go to", keys: ["g d"] };
const ALL = [...COMMANDS, DEVICES];
const press = (key: string, modifiers: { ctrlKey?: boolean; altKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...modifiers,
});
const idFor = (key: string, before: string | null = null, inList = true): string | null => {
  const found = commandForKey(ALL, press(key), { inList, before });
  return found === null || found === "first-of-several" ? found : found.id;
};

test("two keys one after the other are a command of their own", () => {
  assert.equal(idFor("g"), "first-of-several");
  assert.equal(idFor("d", "g"), "page.devices");
  assert.equal(idFor("g", "g"), "list.first");
  assert.equal(idFor("d"), "event.download");
});

test("a second key that completes nothing means what it means alone", () => {
  assert.equal(idFor("j", "g"), "list.next");
  assert.equal(idFor("q", "g"), null);
});

test("letters are keys everywhere, arrows and Space only in the list, and Ctrl makes another key of them", () => {
  assert.equal(idFor("j", null, false), "list.next");
  assert.equal(idFor("g", "g", false), "list.first");
  assert.equal(idFor("ArrowDown", null, true), "list.next");
  assert.equal(idFor("ArrowDown", null, false), null);
  assert.equal(idFor(" ", null, false), null);
  assert.equal(idFor(" ", null, true), "live.toggle");
  assert.equal(
    commandForKey(ALL, press("K", { ctrlKey: true }), { inList: false }),
    ALL.find((one) => one.id === "palette"),
  );
  assert.equal(commandForKey(ALL, press("j", { ctrlKey: true }), { inList: true }), null);
  assert.equal(commandForKey(ALL, press("j", { altKey: true }), { inList: true }), null);
});

test("no two commands have the same key", () => {
  const keys = ALL.flatMap((one) => one.keys);
  assert.deepEqual(
    keys.filter((key, at) => keys.indexOf(key) !== at),
    [],
  );
});

test("a command runs what was offered last, until that is taken back", () => {
  const commands = createCommands();
  const ran: string[] = [];
  commands.handle({ "item.open": () => ran.push("page") });
  const takeBack = commands.handle({ "item.open": () => ran.push("dialog") });
  commands.run("item.open");
  takeBack();
  commands.run("item.open");
  assert.deepEqual(ran, ["dialog", "page"]);
  assert.equal(commands.run("palette"), false);
});
