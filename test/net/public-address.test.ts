import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublicAddress } from "../../main/net/public-address.ts";

test("addresses of the public internet are public", () => {
  for (const address of ["1.1.1.1", "8.8.8.8", "99.255.255.255", "172.32.0.1", "192.169.0.1", "2606:4700::1111", "2a00:1450:4001::200e"])
    assert.ok(isPublicAddress(address), address);
});

test("what stands behind the firewall, or in front of no machine, is not public, however it is written", () => {
  const addresses = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "fec0::1",
  ];
  for (const address of addresses) assert.ok(!isPublicAddress(address), address);
});

test("what is no address is not public", () => {
  for (const text of ["", "localhost", "example.com", "127.1", "0x7f000001", "2130706433", "[::1]", "1.1.1.1:80"])
    assert.ok(!isPublicAddress(text), text);
});
