import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { createKeyTable } from "../../main/store/key-table.ts";
import { createSeededRandom } from "../support/seeded-random.ts";

const keyOf = (n: number): Uint8Array => createHash("sha256").update(String(n)).digest().subarray(0, 16);

test("ten thousand random changes leave what a Map would hold", () => {
  const random = createSeededRandom(7);
  const table = createKeyTable();
  const expected = new Map<number, number>();
  for (let step = 1; step <= 10_000; step += 1) {
    const n = random.below(3000);
    const seq = expected.get(n);
    if (seq !== undefined && random.chance(0.5)) {
      table.remove(keyOf(n), seq);
      expected.delete(n);
    } else {
      table.set(keyOf(n), step);
      expected.set(n, step);
    }
  }
  assert.ok(expected.size > 1000, "it has grown");
  for (let n = 0; n < 3000; n += 1) assert.equal(table.find(keyOf(n)), expected.get(n) ?? 0, String(n));
});

test("hashes that want the same place are told apart, also when one of them goes", () => {
  const table = createKeyTable();
  const crowded = Array.from({ length: 40 }, (_, n) => {
    const key = new Uint8Array(16);
    key[0] = n + 1; // its last bits, which choose the place, are the same: the last place, so that others lie across the end
    key[6] = 0xff;
    key[7] = 0xff;
    return key;
  });
  for (const [n, key] of crowded.entries()) table.set(key, n + 1);
  for (const [n, key] of crowded.entries()) if (n % 3 === 0) table.remove(key, n + 1);
  for (const [n, key] of crowded.entries()) assert.equal(table.find(key), n % 3 === 0 ? 0 : n + 1);
});

test("only the position that is there is taken away", () => {
  const table = createKeyTable();
  table.set(keyOf(1), 5);
  table.set(keyOf(1), 9);
  table.remove(keyOf(1), 5);
  assert.equal(table.find(keyOf(1)), 9);
});
