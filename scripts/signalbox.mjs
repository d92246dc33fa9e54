#!/usr/bin/env node
// The `signalbox` command. In plain JavaScript, because an older Node cannot even read TypeScript to be told that it is too old.
const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `signalbox: this is Node ${process.versions.node}, and Signalbox needs Node ${NEEDED} or newer.\n` +
      'Run it with "npm run signalbox", which brings its own, or install a newer Node.\n',
  );
  process.exitCode = 1;
} else await import("../main/headless.ts");
