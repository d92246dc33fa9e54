import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { systemClock } from "../../main/platform/clock.ts";
import { closest } from "../../main/platform/closest.ts";
import { dialable, isLoopback, toAuthority } from "../../main/platform/net.ts";

test("loopback is told from everything else", () => {
  for (const host of ["127.0.0.1", "127.9.9.9", "::1", "localhost", "LOCALHOST", "::ffff:127.0.0.1"])
    assert.equal(isLoopback(host), true, host);
  for (const host of ["0.0.0.0", "::", "192.168.0.1", "10.0.0.1", "example.com", "localhost.example.com", "128.0.0.1", "::2", ""])
    assert.equal(isLoopback(host), false, host);
});

test("an IPv6 address stands in brackets before its port", () => {
  assert.equal(toAuthority("::1", 80), "[::1]:80");
  assert.equal(toAuthority("127.0.0.1", 80), "127.0.0.1:80");
  assert.equal(dialable("0.0.0.0"), "127.0.0.1");
  assert.equal(dialable("::"), "::1");
  assert.equal(dialable("hub.local"), "hub.local");
});

test("the nearest word is proposed, and none when none is near", () => {
  assert.equal(closest("ingres", ["ingress", "inspector"]), "ingress");
  assert.equal(closest("INSPECTER", ["ingress", "inspector"]), "inspector");
  assert.equal(closest("banana", ["ingress", "inspector"]), null);
});

test("a timer that is cancelled does not run; monotonic time does not go back", async () => {
  let ran = false;
  const cancel = systemClock.after(0, () => (ran = true));
  cancel();
  const before = systemClock.monotonic();
  const alive = setInterval(() => {}, 1000);
  await new Promise<void>((resolve) => systemClock.after(1, resolve));
  clearInterval(alive);
  assert.equal(ran, false);
  assert.ok(systemClock.monotonic() >= before);
});

test("the log goes to stderr, at its level and above, with fields and errors told whole", () => {
  const script = `
    import { createLogger } from "./main/platform/log.ts";
    const logger = createLogger({ level: "info", pretty: false }).child({ part: "x" });
    logger.debug("not this"); logger.info("this", { n: 1 }); logger.error("and this", { error: new Error("why") });`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module-typescript", "-e", script], { encoding: "utf8" });
  assert.equal(stdout, "");
  const lines = stderr
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    lines.map(({ msg, part }) => [msg, part]),
    [
      ["this", "x"],
      ["and this", "x"],
    ],
  );
  assert.equal(lines[0]?.["n"], 1);
  assert.partialDeepStrictEqual(lines[1], { error: { message: "why" } });
});
