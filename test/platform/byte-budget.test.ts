import assert from "node:assert/strict";
import { test } from "node:test";
import { createByteBudget, type ByteBudget, type ByteShare } from "../../main/platform/byte-budget.ts";

/** Asks for bytes and remembers in `order` when it has them. */
async function ask(budget: ByteBudget, bytes: number, name: string, order: string[]): Promise<ByteShare> {
  const share = await budget.take(bytes);
  order.push(name);
  return share;
}

test("bytes are given in the order of asking, and a small wish does not overtake a large one", async () => {
  const budget = createByteBudget(10);
  const order: string[] = [];
  const first = await ask(budget, 6, "first", order);
  const large = ask(budget, 8, "large", order);
  const small = ask(budget, 1, "small", order);
  assert.deepEqual(order, ["first"]);
  first.release();
  await Promise.all([large, small]);
  assert.deepEqual(order, ["first", "large", "small"]);
});

test("what turns out not to be needed is there for the next, and giving back twice gives nothing more", async () => {
  const budget = createByteBudget(10);
  const order: string[] = [];
  const first = await ask(budget, 10, "first", order);
  const second = ask(budget, 6, "second", order);
  first.shrinkTo(4);
  await second;
  first.shrinkTo(9);
  first.release();
  first.release();
  const third = ask(budget, 5, "third", order);
  const fourth = await ask(createByteBudget(1), 1, "of another budget", order);
  fourth.release();
  assert.deepEqual(order, ["first", "second", "of another budget"]);
  (await second).release();
  await third;
});

test("who wants more than there is gets all of it, alone", async () => {
  const budget = createByteBudget(10);
  const order: string[] = [];
  const all = await ask(budget, 1000, "all", order);
  const next = ask(budget, 1, "next", order);
  assert.deepEqual(order, ["all"]);
  all.release();
  await next;
});
