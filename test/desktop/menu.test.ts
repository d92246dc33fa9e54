import assert from "node:assert/strict";
import type { MenuItemConstructorOptions } from "electron";
import { test } from "node:test";
import { toMenuTemplate, type MenuActions } from "../../main/electron/menu.ts";

function template(platform: NodeJS.Platform, forDevelopers = false, done: string[] = []): MenuItemConstructorOptions[] {
  const note =
    (name: string) =>
    (...args: unknown[]): void =>
      void done.push([name, ...args].join(" "));
  const names = ["command", "setTheme", "openInBrowser", "copyAddress", "revealDataFolder", "restartHub", "showLogFile"];
  const actions = Object.fromEntries(names.map((name) => [name, note(name)])) as unknown as MenuActions;
  return flatten(toMenuTemplate({ platform, theme: "dark", forDevelopers, actions }));
}

function flatten(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flatten(item.submenu) : [])]);
}

test("every menu item of ours does what its name says, and each is there once", () => {
  const done: string[] = [];
  const items = template("linux", false, done).filter((item) => item.id !== undefined);
  for (const item of items) (item.click as () => void)();
  assert.deepEqual(done, [
    "openInBrowser",
    "copyAddress",
    "revealDataFolder",
    "restartHub",
    "command find",
    "command clear-filter",
    "command pause",
    "command palette",
    "setTheme system",
    "setTheme light",
    "setTheme dark",
    "command help",
    "showLogFile",
  ]);
  assert.equal(new Set(items.map(({ id }) => id)).size, items.length);
});

test("the theme in use is the one that is marked", () => {
  const marked = template("linux").filter(({ type, checked }) => type === "radio" && checked);
  assert.deepEqual(
    marked.map(({ id }) => id),
    ["theme-dark"],
  );
});

test("keys that mean something else in a text field are shown but not taken from the page", () => {
  for (const id of ["pause", "help"]) {
    const item = template("linux").find((one) => one.id === id);
    assert.equal(item?.registerAccelerator, false, id);
  }
});

test("developer tools are there from the sources and not in a package", () => {
  const roles = (forDevelopers: boolean): unknown[] => template("linux", forDevelopers).map(({ role }) => role);
  assert.ok(roles(true).includes("toggleDevTools"));
  assert.ok(!roles(false).includes("toggleDevTools") && !roles(false).includes("reload"));
});

test("on a Mac the app has its own menu, which holds quit", () => {
  assert.equal(template("darwin")[0]?.role, "appMenu");
  assert.ok(template("linux").some(({ role }) => role === "quit"));
  assert.ok(!template("darwin").some(({ role }) => role === "quit"));
});
