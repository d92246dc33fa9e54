// Everything a machine can say about the code without running it: types per zone, lint, format, dead code.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const steps = [
  ...readdirSync("tsconfig")
    .sort()
    .map((zone) => ["types", "tsc", "-p", `tsconfig/${zone}`]),
  ["lint", "oxlint", "--type-aware", "--quiet"],
  ["format", "oxfmt", "--check"],
  ["dead code", "knip", "--no-progress"],
];
let failed = 0;
for (const [what, command, ...args] of steps) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", shell: process.platform === "win32" });
  if (status === 0) continue;
  failed += 1;
  console.error(`✗ ${what}: ${command} ${args.join(" ")}\n${stdout}${stderr}`);
}
console.log(failed === 0 ? "✓ types, lint, format and dead code" : `✗ ${failed} of ${steps.length} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;
