import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ERRORS } from "../../main/contract/errors.ts";

const DOCUMENT = join(import.meta.dirname, "../../docs/errors.md");

test("docs/errors.md lists the catalogue as it is", () => {
  const rows = Object.entries(ERRORS).map(
    ([code, { title, httpStatus, closeCode, retryable }]) =>
      `| \`${code}\` | ${title} | ${httpStatus} | ${closeCode} | ${retryable ? "yes" : ""} |`,
  );
  const listed = readFileSync(DOCUMENT, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  assert.deepEqual(listed, rows, `the rows of docs/errors.md must be:\n${rows.join("\n")}`);
});
