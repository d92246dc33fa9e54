/** The `signalbox` command on plain Node, by way of scripts/signalbox.mjs. Imports nothing before the cache that makes it start sooner. */
const { enableCompileCache } = await import("node:module");
enableCompileCache(); // a third off the time to the ready line, from the second start on
const { runCli } = await import("./cli/main.ts");
process.exitCode = await runCli(process.argv.slice(2));
