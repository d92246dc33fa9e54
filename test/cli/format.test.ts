import assert from "node:assert/strict";
import { test } from "node:test";
import { formatEvent } from "../../main/cli/format-event.ts";
import { formatStatus } from "../../main/cli/format-status.ts";
import { formatBytes, formatDuration } from "../../main/cli/format-units.ts";
import type { EventSummary } from "../../main/contract/event.ts";
import type { HubStatus } from "../../main/contract/status.ts";

const plain = (_format: string, text: string) => text;

const EVENT: EventSummary = {
  seq: 7,
  id: "abc-7",
  time: new Date(2026, 0, 31, 9, 5, 7, 42).getTime(),
  protocol: "webhook",
  direction: "in",
  source: "github",
  topic: "webhooks/github/push",
  contentType: "application/json",
  size: 2150,
  method: "POST",
  path: "/in/github?x=1",
  status: 200,
  state: "accepted",
  refusal: null,
  truncated: false,
  verdict: "not-configured",
  verdictCause: null,
  duplicateOf: null,
  traceId: "abc-7",
  causeId: null,
  hops: 0,
  retained: false,
  preview: '{"ref":"refs/heads/main"}',
};

test("an event is one line with time, seq, protocol, topic, size, request and preview", () => {
  const line = formatEvent(EVENT, plain, null);
  assert.match(
    line,
    /^09:05:07\.042 +7 +webhook +webhooks\/github\/push +2\.1 KiB +POST \/in\/github\?x=1 +\{"ref":"refs\/heads\/main"\}$/,
  );
});

test("what became of an event is told when it was not simply accepted", () => {
  assert.match(
    formatEvent({ ...EVENT, state: "refused", refusal: "BODY_TOO_LARGE", truncated: true }, plain, null),
    /\[refused BODY_TOO_LARGE, truncated\]/,
  );
  assert.match(formatEvent({ ...EVENT, state: "duplicate" }, plain, null), /\[duplicate\]/);
  assert.match(formatEvent({ ...EVENT, preview: null }, plain, null), /\(binary\)$/);
});

test("nothing of an event reaches the terminal raw, from whichever member", () => {
  const hostile = "\u001b]0;owned\u0007\n\u202e";
  const line = formatEvent({ ...EVENT, topic: `t/${hostile}`, path: `/in/${hostile}`, method: "POST", preview: hostile }, plain, null);
  assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test("a line is cut to the width of the terminal, never in the middle of a character", () => {
  const line = formatEvent({ ...EVENT, preview: "🦊".repeat(100) }, plain, 121);
  assert.ok(line.length <= 121, String(line.length));
  assert.ok(line.isWellFormed());
  assert.ok(line.endsWith("…"));
});

test("sizes and durations are short", () => {
  assert.deepEqual([0, 999, 1000, 1536, 1024 ** 2, 10 * 1024 ** 2, 200 * 1024 ** 2].map(formatBytes), [
    "0 B",
    "999 B",
    "1 KiB",
    "1.5 KiB",
    "1 MiB",
    "10 MiB",
    "200 MiB",
  ]);
  assert.deepEqual([0, 59_000, 60_000, 125_000, 3_600_000, 90_061_000].map(formatDuration), [
    "0 s",
    "59 s",
    "1 min",
    "2 min 5 s",
    "1 h",
    "1 d 1 h",
  ]);
});

test("the status table shows listeners, the log's state with its reason, counts and memory", () => {
  const status: HubStatus = {
    version: "1.2.3",
    pid: 42,
    startedAt: 0,
    now: 90_061_000,
    dataFolder: "/data",
    listeners: [{ name: "ingress", url: "http://127.0.0.1:4800", setting: "ingress" }],
    log: {
      state: "full",
      reason: "The disk is full.",
      id: "abc",
      firstSeq: 1,
      lastSeq: 1_234_567,
      events: 1_000_000,
      retention: { keepForMs: 86_400_000, keepEvents: null, keepBytes: 1024 ** 3 },
      fileBytes: 1024 ** 2,
      reusableBytes: 0,
      walBytes: 0,
      indexBytes: 0,
      indexLag: 12,
      queued: 0,
      diskFreeBytes: null,
    },
    rate: { accepted: 1200, refused: 3 },
    memoryBytes: 100 * 1024 ** 2,
    limits: { maxBodyBytes: 10 * 1024 ** 2 },
  };
  const text = formatStatus(status, plain);
  for (const part of [
    "Signalbox 1.2.3, pid 42",
    "1 d 1 h",
    "http://127.0.0.1:4800",
    "full: The disk is full.",
    "1,000,000 kept (seq 1 to 1234567)",
    "at most for 1 d, 1 GiB",
    "12 events behind",
    "1,200/s accepted",
    "100 MiB",
  ])
    assert.ok(text.includes(part), part);
});
