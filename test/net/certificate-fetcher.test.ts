import assert from "node:assert/strict";
import { test } from "node:test";
import { createCertificateFetcher } from "../../main/net/certificate-fetcher.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { PAYPAL_CERTIFICATE } from "../webhooks/paypal-published.ts";

const URL = "https://api.paypal.com/v1/notifications/certs/CERT-1";

function open(answer: () => Response | Promise<Response>) {
  const clock = createFakeClock();
  const asked: (readonly [string, { readonly redirect: "error"; readonly signal: AbortSignal }])[] = [];
  const failures: string[] = [];
  const fetcher = createCertificateFetcher({
    clock,
    onFailure: (url, reason) => failures.push(`${url}: ${reason}`),
    get: (url, init) => {
      asked.push([url, init]);
      return Promise.resolve().then(answer);
    },
  });
  return { clock, asked, failures, fetch: (url = URL) => fetcher.fetch(url) };
}

test("a certificate is asked for once, however many wait for it, and again after a day", async () => {
  const { fetch, asked, clock } = open(() => new Response(PAYPAL_CERTIFICATE));
  assert.deepEqual(new Set(await Promise.all([fetch(), fetch(), fetch()])), new Set([PAYPAL_CERTIFICATE]));
  clock.advance(86_400_000 - 1);
  await fetch();
  assert.equal(asked.length, 1);
  clock.advance(1);
  assert.equal(await fetch(), PAYPAL_CERTIFICATE);
  assert.equal(asked.length, 2);
});

test("redirects are not followed and nobody is waited for without end", async () => {
  const { fetch, asked } = open(() => new Response(PAYPAL_CERTIFICATE));
  await fetch();
  assert.equal(asked[0]![1].redirect, "error");
  assert.ok(asked[0]![1].signal instanceof AbortSignal);
});

test("what is no certificate is none, is said, and is asked for again after a minute", async () => {
  const answers: readonly (() => Response)[] = [
    () => new Response("not found", { status: 404 }),
    () => new Response("<html>"),
    () => new Response("x".repeat(65 * 1024)),
    () => {
      throw new TypeError("fetch failed");
    },
  ];
  for (const answer of answers) {
    const { fetch, asked, failures, clock } = open(answer);
    assert.equal(await fetch(), null);
    assert.equal(await fetch(), null);
    assert.equal(asked.length, 1);
    assert.equal(failures.length, 1);
    clock.advance(60_000);
    assert.equal(await fetch(), null);
    assert.equal(asked.length, 2);
  }
});

test("a forger who names ever other certificates makes the hub ask no more than 30 times a minute, and drives no genuine one out", async () => {
  let genuine = true;
  const { fetch, asked, clock } = open(() => (genuine ? new Response(PAYPAL_CERTIFICATE) : new Response("", { status: 404 })));
  await fetch();
  genuine = false;
  for (let minute = 0; minute < 4; minute += 1) {
    for (let count = 0; count < 100; count += 1) assert.equal(await fetch(`${URL}-${minute}-${count}`), null);
    assert.ok(asked.length <= 30 * (minute + 1));
    clock.advance(60_000);
  }
  const before = asked.length;
  assert.equal(before, 120);
  assert.equal(await fetch(), PAYPAL_CERTIFICATE);
  assert.equal(asked.length, before, "it is still kept");
});

test("of genuine ones the oldest goes when there are too many", async () => {
  const { fetch, asked, clock } = open(() => new Response(PAYPAL_CERTIFICATE));
  for (let count = 0; count < 65; count += 1) {
    await fetch(`${URL}${count}`);
    if (count % 20 === 19) clock.advance(60_000);
  }
  clock.advance(60_000);
  await fetch(`${URL}64`);
  assert.equal(asked.length, 65);
  await fetch(`${URL}0`);
  assert.equal(asked.length, 66);
});
