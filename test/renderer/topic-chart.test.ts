import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallParams, CallResult } from "../../main/contract/calls.ts";
import { createTopicChart } from "../../renderer/state/topic-chart.ts";
import type { Connection } from "../../renderer/link/connection.ts";
import { createCell } from "../../renderer/state/cell.ts";
import { eventually } from "../support/eventually.ts";

const NOW = 1_700_000_003_000;

/** A hub whose log has one value a minute, and looks through an hour of it per question. */
function createHub() {
  const asked: CallParams<"topics.history">[] = [];
  const history = (params: CallParams<"topics.history">): CallResult<"topics.history"> => {
    asked.push(params);
    const { from, to, buckets, field = "/t" } = params;
    const bucketMs = (to - from) / buckets;
    const knownFrom = Math.max(from, to - 3_600_000);
    const points = Array.from({ length: buckets }, (_, at) => from + at * bucketMs)
      .filter((at) => at + bucketMs > knownFrom && at < NOW)
      .map((at) => ({ at, min: 1, max: 3, avg: 2, count: 1 }));
    return { from, to, bucketMs, fields: ["/t", "/h"], field, points, complete: knownFrom === from, knownFrom };
  };
  const connection = {
    state: createCell({ state: "connecting" }),
    call: (_name: string, params: CallParams<"topics.history">) => Promise.resolve(history(params)),
  } as unknown as Connection;
  return { asked, connection };
}

test("a day is read in as many questions as the hub needs, each bucket once, and the first field is drawn", async (t) => {
  const { asked, connection } = createHub();
  const chart = createTopicChart(connection, "a", () => NOW);
  chart.setRange("24 h");
  t.after(chart.start());
  await eventually("all is known", () => chart.view.get().points.get("/t")?.[0]?.at === chart.view.get().span.from);
  const { points, span, chosen, fields } = chart.view.get();
  assert.deepEqual([chosen, fields], [["/t"], ["/t", "/h"]]);
  const drawn = points.get("/t")!.map(({ at }) => at);
  assert.deepEqual(
    drawn,
    [...new Set(drawn)].sort((a, b) => a - b),
  );
  assert.equal(drawn[0], span.from);
  assert.ok(asked.length >= 24);
});

test("what is zoomed into is asked for in finer buckets, and choosing fields asks for each", async (t) => {
  const { asked, connection } = createHub();
  const chart = createTopicChart(connection, "a", () => NOW);
  t.after(chart.start());
  await eventually("it is there", () => chart.view.get().status === "ready");
  const coarse = chart.view.get().span.bucketMs;
  chart.zoom(NOW - 60_000, NOW);
  await eventually("it is there again", () => chart.view.get().status === "ready");
  assert.ok(chart.view.get().zoomed && chart.view.get().span.bucketMs < coarse);
  asked.length = 0;
  chart.choose(["/t", "/h"]);
  await eventually("both are there", () => chart.view.get().points.size === 2);
  assert.deepEqual(
    asked.map(({ field }) => field),
    ["/t", "/h"],
  );
});
