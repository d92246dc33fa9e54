import assert from "node:assert/strict";
import { test } from "node:test";
import { backOffMs } from "../../main/tunnels/back-off.ts";
import { dialledUrl, isSameAuthority } from "../../main/tunnels/dialled-url.ts";
import { leadsBelow, toPublicUrl } from "../../main/tunnels/public-url.ts";

const side = (publicUrl: string, change: { isGiven?: boolean; onlySource?: string } = {}) => ({
  publicUrl,
  isGiven: false,
  onlySource: null,
  ...change,
});

test("public URLs are http or https, without user, query or a slash at the end", () => {
  assert.equal(toPublicUrl("https://A.Example:443/"), "https://a.example");
  assert.equal(toPublicUrl("http://[::1]:8080/hub/"), "http://[::1]:8080/hub");
  for (const text of [
    "",
    "a.example",
    "ftp://a",
    "javascript:1",
    "https://u:p@a",
    "https://a/?x",
    "https://a/#x",
    `https://${"a".repeat(600)}`,
  ])
    assert.equal(toPublicUrl(text), null, text);
});

test("the URL a sender dialled has the Host it named, unless that is the listener's own or a person has said better", () => {
  const own = side("https://a.example");
  assert.equal(dialledUrl(own, "a.example", "/in/x?y=%20"), "https://a.example/in/x?y=%20");
  assert.equal(dialledUrl(own, "Custom.Example:8443", "/in/x"), "https://custom.example:8443/in/x");
  for (const host of [null, "", "localhost", "localhost:4810", "127.0.0.1:5", "[::1]:5"])
    assert.equal(dialledUrl(own, host, "/in/x"), "https://a.example/in/x", String(host));
  assert.equal(dialledUrl(side("https://a.example/hub", { isGiven: true }), "evil.example", "/in/x"), "https://a.example/hub/in/x");
  assert.equal(dialledUrl(side("https://smee.io/abc", { onlySource: "github" }), "smee.io", "/in/github?a=1"), "https://smee.io/abc?a=1");
});

test("authorities are the same whatever their case and whether the usual port is named", () => {
  assert.ok(isSameAuthority("A.example", "https://a.example"));
  assert.ok(isSameAuthority("a.example:443", "https://a.example"));
  assert.ok(!isSameAuthority("a.example:80", "https://a.example"));
  assert.ok(!isSameAuthority("b.example", "https://a.example"));
  assert.ok(!isSameAuthority("not a host", "https://a.example"));
});

test("a URL leads below a host when it is that host or a name in it", () => {
  assert.ok(leadsBelow("https://x.tuns.example", "tuns.example"));
  assert.ok(leadsBelow("http://127.0.0.1:99", "127.0.0.1"));
  assert.ok(!leadsBelow("https://eviltuns.example", "tuns.example"));
  assert.ok(!leadsBelow("http://169.254.169.254", "tuns.example"));
});

test("back-off doubles up to its bound, with full jitter", () => {
  const backOff = { firstMs: 1000, mostMs: 60_000, personMs: 0 };
  assert.deepEqual(
    [0, 1, 2, 10, 1000].map((round) => backOffMs(backOff, round, 1)),
    [1000, 2000, 4000, 60_000, 60_000],
  );
  assert.equal(backOffMs(backOff, 5, 0), 0);
  assert.equal(backOffMs(backOff, 5, 0.5), 16_000);
});
