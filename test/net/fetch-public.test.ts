import assert from "node:assert/strict";
import type { LookupAddress } from "node:dns";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { fetchPublic } from "../../main/net/fetch-public.ts";
import { createVisitor } from "../../main/net/visit.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";

const at = (...addresses: string[]) => {
  const found: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return (_host: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void): void => done(null, found);
};

test("a name that leads behind the firewall is not dialled, nor one of whose addresses does", async (t) => {
  const server = createServer((socket) => socket.destroy());
  let dialled = 0;
  server.on("connection", () => (dialled += 1));
  await once(server.listen(0, "127.0.0.1"), "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const url = `https://sns.eu-west-1.amazonaws.com:${port}/`;
  for (const addresses of [["127.0.0.1"], ["::ffff:127.0.0.1"], ["1.1.1.1", "10.0.0.1"], ["169.254.169.254"], ["fd00::1"]])
    await assert.rejects(fetchPublic(url, {}, at(...addresses)), /not on the public internet/, addresses.join());
  await assert.rejects(fetchPublic(url, {}, at()), /has no address/);
  assert.equal(dialled, 0);
});

test("addresses written as such, and anything but https, are not fetched at all", async () => {
  const never = (): void => assert.fail("no name is to be looked up");
  for (const url of [
    "http://sns.eu-west-1.amazonaws.com/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://1.1.1.1/",
    "https://2130706433/",
    "file:///etc/passwd",
  ])
    await assert.rejects(fetchPublic(url, {}, never), /is not fetched/, url);
});

test("a name that cannot be looked up, and a signal, reject as they do of fetch", async () => {
  const fails = (_host: string, done: (error: Error, addresses: readonly LookupAddress[]) => void): void =>
    done(new Error("no such name"), []);
  await assert.rejects(fetchPublic("https://x.example/", {}, fails), /no such name/);
  await assert.rejects(
    fetchPublic("https://x.example/", { signal: AbortSignal.abort() }, () => {}),
    { name: "AbortError" },
  );
});

test("a visit is a success by a 2xx alone, and what fails is told without the rest of the URL", async () => {
  const logger = createRecordingLogger();
  const visitOf = (get: () => Promise<Response>) => createVisitor({ logger, get })("https://sns.example/?Token=s3cret");
  assert.equal(await visitOf(async () => new Response("<ok/>")), true);
  assert.equal(await visitOf(async () => new Response(null, { status: 302 })), false);
  assert.equal(await visitOf(async () => new Response("no", { status: 500 })), false);
  assert.equal(await visitOf(() => Promise.reject(new Error("down"))), false);
  assert.equal(logger.lines.length, 3);
  assert.doesNotMatch(JSON.stringify(logger.lines), /s3cret/);
});
