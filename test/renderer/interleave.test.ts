import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventSummary } from "../../main/contract/event.ts";
import type { SessionEvent } from "../../main/contract/session.ts";
import { interleave, movedRows } from "../../renderer/state/interleave.ts";
import { createSeededRandom } from "../support/seeded-random.ts";

const events = (...seqs: number[]): EventSummary[] => seqs.map((seq) => ({ seq }) as EventSummary);
const sessions = (...afterSeqs: number[]): SessionEvent[] =>
  afterSeqs.map((afterSeq, at) => ({ number: at + 1, afterSeq }) as SessionEvent);

const show = (
  all: readonly EventSummary[],
  marks: readonly SessionEvent[],
  range: { atOldest?: boolean; newestSeq?: number } = {},
): string => {
  const rows = interleave(all, marks, { atOldest: range.atOldest ?? true, newestSeq: range.newestSeq ?? all.at(-1)?.seq ?? 0 });
  return Array.from({ length: rows.count }, (_, row) => {
    const item = rows.at(row);
    if (item.kind === "session") return `s${item.session.number}`;
    assert.equal(rows.rowOf(item.index), row);
    return String(item.event.seq);
  }).join(" ");
};

test("what became of sessions stands above the event that was the newest then, the newest at the top", () => {
  assert.equal(show(events(3, 5, 9), sessions(0, 3, 3, 4, 9)), "s5 9 5 s4 s3 s2 3 s1");
  assert.equal(show(events(3, 5), []), "5 3");
  assert.equal(show([], sessions(0, 0)), "s2 s1");
});

test("those outside the part of the log that is held are left out", () => {
  assert.equal(show(events(5, 9), sessions(2, 4, 5, 9, 12), { atOldest: false, newestSeq: 10 }), "s4 9 s3 5");
  assert.equal(show(events(5, 9), sessions(2, 9), { atOldest: true }), "s2 9 5 s1");
  assert.equal(show([], sessions(3), { atOldest: false, newestSeq: 10 }), "");
});

test("every row is found again by its event, in any mixture", () => {
  const random = createSeededRandom(7);
  for (let round = 0; round < 200; round += 1) {
    const seqs = Array.from({ length: random.below(12) }, () => random.below(30)).sort((a, b) => a - b);
    const all = events(...new Set(seqs));
    const marks = sessions(...Array.from({ length: random.below(8) }, () => random.below(30)).sort((a, b) => a - b));
    const text = show(all, marks, { newestSeq: 30 }).split(" ").filter(Boolean);
    assert.equal(text.length, all.length + marks.length);
    for (const { number, afterSeq } of marks) {
      const row = text.indexOf(`s${number}`);
      assert.ok(text.slice(0, row).every((one) => one.startsWith("s") || Number(one) > afterSeq));
      assert.ok(text.slice(row).every((one) => one.startsWith("s") || Number(one) <= afterSeq));
    }
  }
});

test("rows that are put in above move what is in sight by their number, and nothing is moved when nothing is left", () => {
  const before = interleave(events(3, 5, 9), sessions(5), { atOldest: true, newestSeq: 9 });
  const now = interleave(events(3, 5, 9, 11, 12), sessions(5, 9), { atOldest: true, newestSeq: 12 });
  assert.equal(movedRows(before, now, 0), 3);
  assert.equal(movedRows(before, now, 1), 3, "also where a session is at the top");
  assert.equal(movedRows(now, before, 0), -3);
  assert.equal(movedRows(before, interleave(events(20), [], { atOldest: true, newestSeq: 20 }), 0), 0);
});
