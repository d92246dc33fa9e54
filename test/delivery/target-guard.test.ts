import assert from "node:assert/strict";
import { isIP } from "node:net";
import { test } from "node:test";
import { createTargetGuard, type Resolve } from "../../main/delivery/target-guard.ts";

const resolveTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: isIP(address) }));

test("an address that is private, local or carries such a one is no target, however it is written", async () => {
  const guard = createTargetGuard({ allow: [] });
  const hosts = [
    "127.0.0.1",
    "127.1",
    "0x7f000001",
    "2130706433",
    "0177.0.0.1",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[fe80::1]",
    "[fd00:ec2::254]",
    "[fc00::1]",
    "224.0.0.1",
    "255.255.255.255",
  ];
  for (const host of hosts) {
    const url = new URL(`http://${host}/hook`);
    const found = await guard.resolve(url);
    assert.ok(!found.ok && found.refusal.code === "TARGET_REFUSED", host);
    assert.match(guard.fault(url) ?? "", /allow-targets/, host);
  }
});

test("a name is judged by what it resolves to, each time anew", async () => {
  const answers = [["93.184.216.34"], ["127.0.0.1"], ["2606:4700::1111"]];
  const guard = createTargetGuard({ allow: [], resolve: async () => resolveTo(...answers.shift()!)("") });
  const url = new URL("https://rebinding.example/hook");
  assert.equal(guard.fault(url), null);
  assert.deepEqual(await guard.resolve(url), { ok: true, value: [{ address: "93.184.216.34", family: 4 }] });
  assert.equal((await guard.resolve(url)).ok, false);
  assert.equal((await guard.resolve(url)).ok, true);
});

test("of several addresses only the public ones may be connected to", async () => {
  const guard = createTargetGuard({ allow: [], resolve: resolveTo("127.0.0.1", "93.184.216.34", "::1", "::ffff:10.0.0.1") });
  assert.deepEqual(await guard.resolve(new URL("http://mixed.example")), { ok: true, value: [{ address: "93.184.216.34", family: 4 }] });
});

test("hosts, addresses and networks that are named may be reached, and no others", async () => {
  const guard = createTargetGuard({ allow: ["nas.local", "127.0.0.1", "10.1.0.0/16", "fd00::/8"], resolve: resolveTo("192.168.7.7") });
  const may = async (url: string): Promise<boolean> => (await guard.resolve(new URL(url))).ok;
  for (const url of ["http://nas.local/", "http://NAS.local./", "http://127.0.0.1:99/", "http://10.1.200.3/", "http://[fd12::1]/"])
    assert.ok(await may(url), url);
  for (const url of ["http://other.local/", "http://127.0.0.2/", "http://10.2.0.1/", "http://[fe80::1]/"])
    assert.ok(!(await may(url)), url);
});

test("only http and https without credentials can be a target", () => {
  const guard = createTargetGuard({ allow: ["127.0.0.1"] });
  for (const url of ["ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "data:text/plain,x", "http://a:b@example.com/"])
    assert.notEqual(guard.fault(new URL(url)), null, url);
  for (const url of ["http://example.com/", "https://example.com:8443/x?y=1"]) assert.equal(guard.fault(new URL(url)), null, url);
});
