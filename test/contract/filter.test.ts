import assert from "node:assert/strict";
import { test } from "node:test";
import type { EventSummary } from "../../main/contract/event.ts";
import { FILTER_FIELDS, parseFilter, passesFilter, type Filter } from "../../main/contract/filter.ts";

const NOW = Date.UTC(2026, 0, 31, 12);

const EVENT: EventSummary = {
  seq: 1,
  id: "log-1",
  time: NOW - 60_000,
  protocol: "webhook",
  direction: "in",
  source: "github",
  topic: "webhooks/github/push",
  contentType: "application/json",
  size: 10_240,
  method: "POST",
  path: "/in/github",
  status: 200,
  state: "accepted",
  refusal: null,
  truncated: false,
  verdict: "verified",
  verdictCause: null,
  duplicateOf: null,
  traceId: "log-1",
  causeId: null,
  hops: 0,
  retained: false,
  preview: null,
};

function parse(line: string): Filter {
  const parsed = parseFilter(line, NOW);
  assert.ok(parsed.ok, `${line}: ${parsed.ok || parsed.refusal.message}`);
  return parsed.value;
}

const passes = (line: string, change: Partial<EventSummary> = {}, text = ""): boolean =>
  passesFilter(parse(line), { ...EVENT, ...change }, () => text);

test("an empty filter passes everything", () => {
  for (const line of ["", "   ", "\t\n"]) assert.ok(passes(line));
});

test("fields narrow, commas widen, a dash turns round", () => {
  assert.ok(passes("protocol:webhook"));
  assert.ok(passes("protocol:mqtt,webhook"));
  assert.ok(!passes("protocol:mqtt"));
  assert.ok(passes("-protocol:mqtt"));
  assert.ok(!passes("-protocol:mqtt,webhook"));
  assert.ok(passes("source:github verdict:verified state:accepted direction:in method:post"));
  assert.ok(!passes("source:github verdict:failed"));
  assert.ok(passes("PROTOCOL:Webhook"));
  assert.ok(!passes("source:GitHub"));
});

test("a field an event has not is not equal to anything", () => {
  assert.ok(!passes("source:github", { source: null }));
  assert.ok(passes("-source:github", { source: null }));
  assert.ok(!passes("status:<500", { status: null }));
  assert.ok(!passes("method:GET", { method: null }));
});

test("topics match as in MQTT", () => {
  assert.ok(passes("topic:webhooks/#"));
  assert.ok(passes("topic:webhooks/+/push"));
  assert.ok(passes("topic:x,webhooks/github/push"));
  assert.ok(!passes("topic:webhooks"));
  assert.ok(passes('topic:"a b"', { topic: "a b" }));
});

test("numbers are compared, with units", () => {
  assert.ok(passes("size:10k"));
  assert.ok(passes("size:10KB"));
  assert.ok(passes("size:>=10240b"));
  assert.ok(!passes("size:>10k"));
  assert.ok(passes("size:<0.5m"));
  assert.ok(passes("status:=200 status:<=200 status:>199 status:<201"));
  assert.ok(!passes("status:>=400"));
});

test("times are spans back from now, dates, or epoch milliseconds", () => {
  assert.ok(passes("after:-1h"));
  assert.ok(!passes("after:-59s"));
  assert.ok(passes("before:-0.5m"));
  assert.ok(passes("after:-60s") && !passes("before:-60s"));
  assert.ok(passes("after:2026-01-31T11:59Z before:2026-01-31T11:59:00.001Z"));
  assert.ok(passes("after:2026-01-31T12:59+01:00"));
  assert.ok(passes(`after:${EVENT.time} -after:${EVENT.time + 1}`));
});

test("a date without a zone is local, alone as with a time", () => {
  const [date] = parse("after:2026-01-31");
  const [time] = parse("after:2026-01-31T00:00");
  assert.deepEqual(date, time);
  assert.equal(date?.field === "after" && date.at, new Date(2026, 0, 31).getTime());
});

test("words are found whole, without regard to case or marks; with a star by their beginning", () => {
  const text = 'webhooks/x {"name":"M\u00fcller-2","n":42}';
  assert.ok(passes("name", {}, text));
  assert.ok(passes("NAME muller", {}, text));
  assert.ok(passes("m\u00fcller", {}, text));
  assert.ok(!passes("mull", {}, text));
  assert.ok(passes("mull*", {}, text));
  assert.ok(!passes("-mull*", {}, text));
  assert.ok(!passes("ame", {}, text));
  assert.ok(!passes("name absent", {}, text));
  assert.ok(passes("webhook*", {}, "webhooks only ascii"));
  assert.ok(!passes("ebhook", {}, "webhooks only ascii"));
});

test("several words in quotes are a phrase as it is written", () => {
  assert.ok(passes('"quick brown"', {}, "the Quick  quick brown fox"));
  assert.ok(!passes('"quick brown"', {}, "the brown quick fox"));
  assert.ok(!passes('-"quick brown"', {}, "the quick brown fox"));
  assert.ok(passes('"status:5"', {}, "the status:5 line"));
  assert.ok(passes('"unclosed phrase', {}, "an unclosed phrase here"));
});

test("text is only asked for when a term needs it", () => {
  const never = (): string => assert.fail("the text was read");
  assert.ok(passesFilter(parse("protocol:webhook size:>1"), EVENT, never));
  assert.ok(!passesFilter(parse("protocol:mqtt word"), EVENT, never));
});

test("addresses and JSON are text, not fields", () => {
  assert.ok(passes("https://example.com/a", {}, "see https://example.com/a"));
  assert.ok(passes('"n":42', {}, '{"n":42}'));
  assert.ok(passes("10:30", {}, "at 10:30"));
  assert.deepEqual(parse("--- ::: \u00b7"), []);
});

test("what cannot be understood is refused, naming the term and what would do", () => {
  const attempts = [
    ["colour:red", /no field "colour".*topic, protocol/],
    ["constructor:x", /no field "constructor"/],
    ["protocol:smtp", /"smtp" is no protocol; it can be webhook, http/],
    ["protocol:mqtt,", /"" is no protocol/],
    ["verdict:maybe", /verified, failed/],
    ["status:", /needs a value, for example status:>=400/],
    ["status:many", /not a number/],
    ["size:10x", /not a number/],
    ["size:1constructor", /not a number/],
    ["size:>>1", /not a number/],
    ["after:tomorrow", /not a time/],
    ["after:5", /not a time/],
    ["after:2026-13-01", /not a time/],
    ["after:-1y", /not a time/],
    ["topic:a/#/b", /not a topic filter/],
    ["topic:a,,b", /not a topic filter/],
  ] as const;
  for (const [line, message] of attempts) {
    const parsed = parseFilter(line, NOW);
    assert.ok(!parsed.ok, line);
    assert.equal(parsed.refusal.code, "FILTER_INVALID");
    assert.match(parsed.refusal.message, message);
    assert.equal(parsed.refusal.details?.["term"], line);
  }
});

test("any line is either understood or refused, never thrown at", () => {
  const pieces = [
    '"',
    "-",
    ":",
    " ",
    "a",
    "topic",
    "constructor",
    "__proto__",
    "toString",
    "*",
    ",",
    ">",
    "9",
    "k",
    "#",
    "\ud800",
    "\u0000",
    "after",
    "//",
  ];
  let seed = 7;
  const next = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 5000; round += 1) {
    const line = Array.from({ length: next(12) }, () => pieces[next(pieces.length)]).join("");
    const parsed = parseFilter(line, NOW);
    if (parsed.ok) assert.equal(typeof passesFilter(parsed.value, EVENT, () => "some text"), "boolean");
    else assert.equal(parsed.refusal.code, "FILTER_INVALID", line);
  }
});

test("every field's example is understood", () => {
  for (const { example } of Object.values(FILTER_FIELDS)) assert.equal(parse(example).length, 1);
});
