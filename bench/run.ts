/** `npm run bench -- <name> [options]`: each benchmark is a script of its own beside this one. */
export const BENCHMARKS = {
  mqtt: "MQTT throughput, latency and memory against mosquitto",
  ws: "WebSocket echo, broadcast and idle peers against plain ws, with and without the store",
  attacks: "what others notice of an attack: floods, bombs, frozen readers, storms of connections",
  idle: "memory of thousands of idle MQTT and WebSocket connections together",
  webhook: "durable webhooks per second against a bare node:http server and against the same without the store",
  deliveries: "from webhook to outbound delivery at 1,000 a second, beside an endpoint that never answers",
  log: "append rate of the log, and page times at a million events",
  renderer: "the inspector's page while 2,000 events a second arrive: input delay, frames, long tasks, heap",
  restart: "how soon a hub with a million events is up again",
} as const;

const name = process.argv[2] ?? "";
if (Object.hasOwn(BENCHMARKS, name)) {
  await import(`./${name}.ts`);
} else {
  console.error(`Usage: npm run bench -- <name>\n`);
  for (const [one, what] of Object.entries(BENCHMARKS)) console.error(`  ${one.padEnd(10)}${what}`);
  process.exitCode = name === "" ? 0 : 2;
}
