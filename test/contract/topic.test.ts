import assert from "node:assert/strict";
import { test } from "node:test";
import { matchesTopic, topicFault, topicFilterFault } from "../../main/contract/topic.ts";

test("filters match topics as MQTT 5 says in its own examples (§4.7.1)", () => {
  const attempts: readonly (readonly [filter: string, topic: string, matches: boolean])[] = [
    ["sport/tennis/player1/#", "sport/tennis/player1", true],
    ["sport/tennis/player1/#", "sport/tennis/player1/ranking", true],
    ["sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true],
    ["sport/#", "sport", true],
    ["#", "sport/tennis", true],
    ["sport/tennis/+", "sport/tennis/player1", true],
    ["sport/tennis/+", "sport/tennis/player1/ranking", false],
    ["sport/+", "sport", false],
    ["sport/+", "sport/", true],
    ["+/+", "/finance", true],
    ["/+", "/finance", true],
    ["+", "/finance", false],
    ["+/tennis/#", "sport/tennis/a/b", true],
    ["sport", "Sport", false],
    ["sport", "sport/", false],
    ["sport/", "sport", false],
    ["a//b", "a//b", true],
    ["a/+/b", "a//b", true],
    ["#", "$SYS/uptime", false],
    ["+/uptime", "$SYS/uptime", false],
    ["$SYS/#", "$SYS/uptime", true],
    ["$SYS/+", "$SYS/uptime", true],
    ["a/#", "a/$b", true],
    ["+", "a", true],
    ["+", "", true],
  ];
  for (const [filter, topic, matches] of attempts) assert.equal(matchesTopic(filter, topic), matches, `${filter} ~ ${topic}`);
});

test("what can be no topic is named", () => {
  assert.equal(topicFault("a/b c/\u00e9/$x"), null);
  assert.match(topicFault("") ?? "", /empty/);
  assert.match(topicFault("a/+/b") ?? "", /wildcard/);
  assert.match(topicFault("a#") ?? "", /wildcard/);
  assert.match(topicFault("a\u0000b") ?? "", /U\+0000/);
  assert.match(topicFault("a\ud800b") ?? "", /Unicode/);
  assert.equal(topicFault("\u00e9".repeat(512)), null);
  assert.match(topicFault("\u00e9".repeat(513)) ?? "", /1024 bytes/);
  assert.equal(topicFault("/".repeat(31)), null);
  assert.match(topicFault("/".repeat(32)) ?? "", /32 levels/);
});

test("what can be no topic filter is named", () => {
  for (const fine of ["#", "+", "a/#", "+/a/+/#", "/", "$SYS/#"]) assert.equal(topicFilterFault(fine), null, fine);
  for (const hash of ["a#", "#/a", "a/#/b", "a/b#", "##"]) assert.match(topicFilterFault(hash) ?? "", /# must be/, hash);
  for (const plus of ["a+", "+a/b", "a/++"]) assert.match(topicFilterFault(plus) ?? "", /\+ must be/, plus);
  assert.match(topicFilterFault("") ?? "", /empty/);
});
