import assert from "node:assert/strict";
import { test } from "node:test";
import { topicFault } from "../../main/contract/topic.ts";
import { eventTypeOf, toTopicLevels } from "../../main/webhooks/event-type.ts";

test("each known sender's header names the event type, whatever its case", () => {
  const senders = {
    "X-GitHub-Event": "push",
    "X-Gitlab-Event": "Push Hook",
    "X-Event-Key": "repo:push",
    "X-Shopify-Topic": "orders/create",
    "Linear-Event": "Issue",
    "Sentry-Hook-Resource": "event_alert",
    "x-amz-sns-message-type": "Notification",
    "ce-type": "com.example.made",
  };
  const expected = ["push", "Push_Hook", "repo:push", "orders/create", "Issue", "event_alert", "Notification", "com.example.made"];
  for (const [index, [name, value]] of Object.entries(senders).entries())
    for (const written of [name, name.toLowerCase(), name.toUpperCase()])
      assert.equal(
        eventTypeOf([
          ["Accept", "*/*"],
          [written, value],
        ]),
        expected[index],
      );
});

test("a sender that says nothing, or nothing but blanks, sends plain events", () => {
  assert.equal(eventTypeOf([["Content-Type", "application/json"]]), "event");
  assert.equal(eventTypeOf([["X-GitHub-Event", ""]]), "event");
  assert.equal(eventTypeOf([["X-GitHub-Event", " "]]), "event");
});

test("of several headers the better known one counts, in any order", () => {
  const both: [string, string][] = [
    ["X-Gitea-Event", "gitea"],
    ["X-GitHub-Event", "github"],
  ];
  assert.equal(eventTypeOf(both), "github");
  assert.equal(eventTypeOf(both.toReversed()), "github");
});

test("whatever a header holds becomes the end of a valid topic", () => {
  const hostile = ["#", "+/#", "a\u0000b", "\u0085", "x".repeat(5000), "/".repeat(500), "é\u00ff", "$SYS", "a\tb", "\u0080".repeat(300)];
  for (const text of hostile)
    assert.equal(topicFault(`webhooks/${"s".repeat(64)}/${toTopicLevels(text)}`), null, JSON.stringify(text.slice(0, 20)));
  assert.equal(toTopicLevels("orders/#/+"), "orders/_/_");
});
