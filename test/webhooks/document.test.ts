import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { VERDICT_CAUSES } from "../../main/contract/verification.ts";
import { PROVIDERS, toProviderInfo } from "../../main/webhooks/providers.ts";

const lines = readFileSync(join(import.meta.dirname, "../../docs/webhooks.md"), "utf8").split("\n");
const seconds = (ms: number | null): string => (ms === null ? "–" : `${ms / 1000} s`);

test("docs/webhooks.md says of every provider what the program knows", () => {
  const expected = PROVIDERS.map(toProviderInfo).map((info) => [
    info.name,
    `\`${info.id}\``,
    info.covers.join(", ") || "nothing: who sent it, not what",
    seconds(info.toleranceMs),
    seconds(info.budgetMs),
    info.canSign ? "yes" : "no",
    `${info.proven ? "yes" : "**no**"}: ${info.evidence}`,
  ]);
  const rows = lines.map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, ""))).filter((cells) => cells.length === 9);
  const written = rows
    .slice(1)
    .map(([name, id, , covers, tolerance, , waits, signs, proven]) => [name, id, covers, tolerance, waits, signs, proven]);
  assert.deepEqual(written, expected);
});

test("docs/webhooks.md lists every cause", () => {
  const rows = Object.entries(VERDICT_CAUSES).map(([cause, title]) => `| \`${cause}\` | ${title} |`);
  const start = lines.indexOf("| cause | meaning |") + 2;
  assert.deepEqual(lines.slice(start, start + rows.length), rows);
});
