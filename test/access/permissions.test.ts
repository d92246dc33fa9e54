import assert from "node:assert/strict";
import { test } from "node:test";
import { coversFilter, toPeer } from "../../main/access/permissions.ts";
import { matchesTopic } from "../../main/contract/topic.ts";

test("a filter is covered exactly when no topic of it is left out", () => {
  const levels = ["a", "b", "+"];
  const filters = ["#", "$s", "$s/#", "$s/+"];
  for (const one of levels) {
    filters.push(one, `${one}/#`);
    for (const two of levels) filters.push(`${one}/${two}`, `${one}/${two}/#`);
  }
  const topics = ["a", "b", "c", "$s", "$s/a", "$s/a/b"];
  for (const one of ["a", "b", "c"])
    for (const two of ["a", "b", "c"]) topics.push(`${one}/${two}`, `${one}/${two}/c`, `${one}/${two}/c/d`);
  for (const allowed of filters)
    for (const wanted of filters) {
      const leftOut = topics.filter((topic) => matchesTopic(wanted, topic) && !matchesTopic(allowed, topic));
      assert.equal(coversFilter(allowed, wanted), leftOut.length === 0, `${allowed} for ${wanted}: ${leftOut.join(" ")}`);
    }
});

test("%k is the key's name and %c what the client calls itself, which can widen nothing", () => {
  const key = { id: "x", name: "pump", hash: "", createdAt: 0, expiresAt: null, enabled: true, publish: ["d/%k/%c/#"], subscribe: ["%c"] };
  const peer = toPeer(key, "c1");
  assert.equal(peer.mayPublish("d/pump/c1/x"), true);
  assert.equal(peer.mayPublish("d/pump/c2/x"), false);
  assert.equal(peer.maySubscribe("c1"), true);
  for (const id of ["+", "#", "a/b", "", null]) {
    const other = toPeer(key, id);
    assert.equal(other.mayPublish("d/pump/c1/x"), false);
    assert.equal(other.maySubscribe("c1"), false);
    assert.equal(other.maySubscribe("+"), false);
  }
});
