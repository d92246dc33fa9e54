import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRoute, toPath, type Route } from "../../renderer/state/router.ts";

const read = (address: string): Route => {
  const { pathname, search } = new URL(address, "http://signalbox.test");
  return parseRoute(pathname, search);
};

test("every page, what is open on it and its filter come back from their address", () => {
  const items = [
    null,
    "k3x9-2a",
    "a/b/c",
    "/a",
    "a/",
    "a//b",
    "..",
    "a/../b",
    ".",
    "50%/größe",
    "a b?c=d#e",
    "$SYS/broker",
    "item?",
    "%2F",
  ];
  for (const page of ["events", "devices"] as const)
    for (const item of items)
      for (const filter of ["", 'topic:a/# "b & c"', "item=x"]) {
        const route: Route = { page, item, filter };
        assert.deepEqual(read(toPath(route)), route, toPath(route));
      }
});

test("an address is written as a person would", () => {
  assert.equal(toPath({ page: "events", item: null, filter: "topic:a/b,c source:x" }), "/events?filter=topic:a/b,c%20source:x");
  assert.equal(toPath({ page: "devices", item: "a/$SYS/größe", filter: "" }), "/devices/a/$SYS/gr%C3%B6%C3%9Fe");
});

test("an address of no page leads to the events, and a badly encoded one opens nothing", () => {
  assert.deepEqual(read("/nowhere/a?filter=b"), { page: "events", item: null, filter: "b" });
  assert.deepEqual(read("/"), { page: "events", item: null, filter: "" });
  assert.deepEqual(read("/devices/%ff"), { page: "devices", item: null, filter: "" });
  assert.deepEqual(read("/devices/"), { page: "devices", item: null, filter: "" });
});
