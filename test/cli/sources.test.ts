import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { SourceInfo } from "../../main/contract/calls.ts";
import { runSignalbox, startHub, type ProgramResult } from "../support/run-signalbox.ts";

async function setUp(t: TestContext) {
  const hub = await startHub();
  t.after(() => hub.stop());
  const run = (args: readonly string[], input = ""): Promise<ProgramResult> =>
    runSignalbox(["sources", ...args, "--data", hub.data], { input });
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await run([...args, "--json"]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as T;
  };
  return { hub, run, json };
}

test("a source is set, given secrets from standard input, listed without them, and removed", async (t) => {
  const { hub, run, json } = await setUp(t);
  const set = await run(["set", "github", "--provider", "github", "--mode", "gateway", "--public", "--dedupe", "1h", "--tolerance", "0"]);
  assert.equal(set.code, 0, set.stderr);
  assert.match(set.stdout, /"github" is set: github, gateway mode/);
  const added = await run(["add-secret", "github", "main"], "s3cret\n");
  assert.equal(added.code, 0, added.stderr);
  const rotated = await run(["rotate-secret", "github", "main", "--overlap", "1h", "--json"], "newer");
  assert.equal(rotated.code, 0, rotated.stderr);
  assert.equal((await run(["add-secret", "github", "word", "--handshake"], "hello")).code, 0);

  const send = (secret: string) =>
    fetch(`${hub.ingress}/in/github`, {
      method: "POST",
      body: "{}",
      headers: { "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update("{}").digest("hex")}` },
    }).then(({ status }) => status);
  assert.deepEqual([await send("s3cret"), await send("newer"), await send("other")], [200, 200, 401], "the line end is no part of it");

  const table = await run(["list"]);
  assert.match(table.stdout, /^NAME +PROVIDER +MODE +SECRETS/);
  assert.match(table.stdout, /^github +github +gateway +word main main\.old +yes .*p50 .*http:/m);
  const { sources } = await json<{ sources: SourceInfo[] }>("list");
  assert.deepEqual([sources[0]!.dedupeWindowMs, sources[0]!.toleranceMs, sources[0]!.public], [3_600_000, 0, true]);
  for (const { stdout } of [added, rotated, table]) assert.doesNotMatch(stdout, /s3cret|newer|hello/);

  assert.equal((await run(["remove-secret", "github", "main.old"])).code, 0);
  assert.equal(await send("s3cret"), 401);
  assert.equal((await run(["set", "github", "--no-public", "--tolerance", "provider", "--mode", "capture", "--provider", "none"])).code, 0);
  const { sources: after } = await json<{ sources: SourceInfo[] }>("list");
  assert.deepEqual([after[0]!.provider, after[0]!.mode, after[0]!.public, after[0]!.toleranceMs], [null, "capture", false, null]);
  assert.deepEqual(await json("remove", "github"), { name: "github", removed: true });
  assert.match((await run(["list"])).stdout, /^There are no sources/);
  assert.match((await run(["providers"])).stdout, /^stripe +Stripe +Signing secret +10 s$/m);
});

test("what cannot be is refused with its exit code, and says what to do", async (t) => {
  const { run } = await setUp(t);
  for (const [args, code, message] of [
    [["set", "shop", "--provider", "nobody"], 2, /no provider "nobody"/],
    [["set", "shop", "--mode", "other"], 2, /capture or gateway/],
    [["set", "shop", "--dedupe", "90d"], 2, /--dedupe takes a time/],
    [["set", "shop", "extra"], 2, /takes one name/],
    [["set"], 2, /Which source/],
    [["list", "shop"], 2, /does not take "shop"/],
    [["list", "--public"], 2, /does not take --public/],
    [["add-secret", "shop"], 2, /Which secret/],
    [["add-secret", "shop", "main"], 1, /no source "shop"/],
    [["remove", "shop"], 1, /no source "shop"/],
    [["frob"], 2, /does not know "frob"/],
  ] as const) {
    const result = await run(args, "secret");
    assert.deepEqual([result.code, message.test(result.stderr)], [code, true], `${args.join(" ")}: ${result.code} ${result.stderr}`);
  }
});
