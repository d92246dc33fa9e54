import assert from "node:assert/strict";
import { test } from "node:test";
import { walkSeqs, type SeqWindow } from "../../main/store/seq-walk.ts";

const rest = (): Promise<void> => Promise.resolve();

test("the windows of a walk cover its range once, without a gap, in either direction", async () => {
  for (const descending of [true, false]) {
    const windows: SeqWindow[] = [];
    const end = await walkSeqs(
      { lowest: 11, highest: 3_000_000, descending },
      { budgetMs: 10_000, rest, step: (window) => windows.push(window) && (descending ? window.lowest : window.highest) },
    );
    assert.equal(end, "end");
    if (descending) windows.reverse();
    assert.equal(windows[0]?.lowest, 11);
    assert.equal(windows.at(-1)?.highest, 3_000_000);
    for (const [index, window] of windows.entries()) if (index > 0) assert.equal(window.lowest, windows[index - 1]!.highest + 1);
    assert.ok(windows.length < 200, "short steps are followed by longer ones");
  }
});

test("a step that got only part of the way is followed by the rest", async () => {
  const seen: number[] = [];
  await walkSeqs(
    { lowest: 1, highest: 100, descending: true },
    {
      budgetMs: 10_000,
      rest,
      step({ lowest, highest }) {
        const to = Math.max(lowest, highest - 6);
        for (let seq = highest; seq >= to; seq -= 1) seen.push(seq);
        return to;
      },
    },
  );
  assert.deepEqual(
    seen,
    Array.from({ length: 100 }, (_, index) => 100 - index),
  );
});

test("a walk stops where its budget is spent and says how far it got, or as soon as all is found", async () => {
  const stopped = await walkSeqs(
    { lowest: 1, highest: 100_000, descending: false },
    { budgetMs: -1, rest, step: ({ highest }) => highest },
  );
  assert.deepEqual(stopped, { stoppedAt: 4096 });
  const found = await walkSeqs({ lowest: 1, highest: 100_000, descending: false }, { budgetMs: 1000, rest, step: () => null });
  assert.equal(found, "found");
  const empty = await walkSeqs(
    { lowest: 5, highest: 4, descending: true },
    { budgetMs: 1000, rest, step: () => assert.fail("there is nothing to look at") },
  );
  assert.equal(empty, "end");
});
