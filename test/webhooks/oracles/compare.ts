import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { findProvider } from "../../../main/webhooks/providers.ts";
import { signWebhook } from "../../../main/webhooks/sign.ts";
import { verifyWebhook } from "../../../main/webhooks/verify.ts";
import { createSeededRandom } from "../../support/seeded-random.ts";
import { NOW } from "../fixture.ts";
import { MUTATIONS, type Mutation, mutate } from "./mutations.ts";
import { ORACLES_MISSING, type Oracle } from "./oracle.ts";

const CASES = 1000;

/** One test for each: genuine and spoilt requests are judged here as by the vendor's own code, but for the differences it lists. */
export function testOracles(oracles: readonly Oracle[]): void {
  for (const [index, oracle] of oracles.entries())
    test(
      `${oracle.provider}: ${CASES} requests, genuine and spoilt, are judged as by ${oracle.sdk}`,
      { skip: ORACLES_MISSING ?? false },
      (t) => compare(t, oracle, index),
    );
}

async function compare(t: TestContext, oracle: Oracle, seed: number): Promise<void> {
  const random = createSeededRandom(seed + 1);
  const provider = findProvider(oracle.provider)!;
  const judge = await oracle.open();
  t.mock.timers.enable({ apis: ["Date"], now: NOW });
  t.mock.method(console, "debug", () => {}); // Zoom's code prints every request
  const verdicts = { verified: 0, refused: 0 };
  const met = new Set<Mutation>();
  const wrong: string[] = [];

  for (let count = 0; count < CASES; count += 1) {
    const signedAt = NOW + random.below(1_000_000_000);
    const secret = oracle.secret(random);
    const signed = sign(oracle, secret, signedAt, random);
    const mutation = random.chance(0.3) ? "none" : random.pick(MUTATIONS);
    const given = mutate(mutation, { request: signed, secret, now: signedAt }, oracle, random);
    t.mock.timers.setTime(given.now);

    const ours = await verifyWebhook(
      given.request,
      { provider, secrets: [{ name: "key", value: given.secret }], toleranceMs: null },
      { now: given.now, fetchCertificate: () => Promise.resolve(null) },
    );
    const theirs = await judge(given.request, given.secret, given.now);
    const accepted = ours.verdict === "verified";
    if (mutation === "none") assert.ok(accepted, `a genuine request was refused: ${ours.message}`);
    verdicts[accepted ? "verified" : "refused"] += 1;
    if (accepted === theirs) continue;
    const known = oracle.differences[mutation];
    if (known && (known.onlyAcceptedBy === "vendor") === theirs) met.add(mutation);
    else wrong.push(`${mutation}: here ${ours.verdict} (${ours.cause}), there ${theirs ? "accepted" : "refused"}`);
  }
  assert.deepEqual(wrong, []);
  assert.deepEqual([...met].sort(), Object.keys(oracle.differences).sort(), "a difference that is listed was not met");
  assert.ok(verdicts.verified > 250 && verdicts.refused > 250, JSON.stringify(verdicts));
}

function sign(oracle: Oracle, secret: string, now: number, random: ReturnType<typeof createSeededRandom>) {
  const request = oracle.request(random, now);
  if (oracle.sign) return oracle.sign(request, now);
  const signed = signWebhook(findProvider(oracle.provider)!, request, secret, now);
  assert.ok(signed.ok, signed.ok ? "" : signed.refusal.message);
  return signed.value;
}
