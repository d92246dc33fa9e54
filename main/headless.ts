#!/usr/bin/env node
/** The `signalbox` command on plain Node. Imports nothing at the top: what the command needs may not even load on an older Node. */
export const NODE_NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NODE_NEEDED) {
  process.stderr.write(
    `signalbox: this is Node ${process.versions.node}, and Signalbox needs Node ${NODE_NEEDED} or newer.\n` +
      `Run it with "npm run signalbox", which brings its own, or install a newer Node.\n`,
  );
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache(); // a third off the time to the ready line, from the second start on
  const { runCli } = await import("./cli/main.ts");
  process.exitCode = await runCli(process.argv.slice(2));
}
