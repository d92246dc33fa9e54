import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { test } from "node:test";
import type { FromHubProcess, ToHubProcess } from "../../main/hub-process-messages.ts";

/** Electron's parentPort over Node's own channel to a child process, without ports. */
const PARENT_PORT = `data:text/javascript,${encodeURIComponent(`
  process.parentPort = {
    on: (_event, listener) => process.on("message", (data) => listener({ data, ports: [] })),
    postMessage: (message) => process.send(message),
  };`)}`;

test("the hub's process answers a ping at once, also before it has been told to start", async (t) => {
  const child = fork(resolve("main/hub-process.ts"), {
    execArgv: ["--import", PARENT_PORT],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  t.after(() => child.kill("SIGKILL"));
  child.send({ type: "ping" } satisfies ToHubProcess);
  const [answer] = (await once(child, "message")) as [FromHubProcess];
  assert.deepEqual(answer, { type: "pong" });
});
