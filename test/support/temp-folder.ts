import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";

const folders: string[] = [];

/**
 * A folder of the test's own. It goes when the test file's process ends, not in a hook of the test: hooks run in the
 * order they were set, so it would be taken from under a hub that is stopped by a later one.
 */
export function tempFolder(_owner: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "signalbox-test-"));
  if (folders.push(folder) === 1) process.once("exit", () => folders.forEach((one) => rmSync(one, { recursive: true, force: true })));
  return folder;
}
