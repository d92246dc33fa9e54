import assert from "node:assert/strict";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test, type TestContext } from "node:test";
import type { EventSummary } from "../../main/contract/event.ts";
import type { HubStatus } from "../../main/contract/status.ts";
import { createInspectorApi } from "../support/inspector-api.ts";
import { runSignalbox, spawnSignalbox, startHub, type ProgramResult, type TestHub } from "../support/run-signalbox.ts";
import { tempFolder } from "../support/temp-folder.ts";

let hub: TestHub;
before(async () => {
  hub = await startHub({ env: { SIGNALBOX_MAX_BODY: "3MiB" } });
});
after(() => hub.stop());

const run = (args: readonly string[], input?: string | Uint8Array): Promise<ProgramResult> =>
  runSignalbox([...args, "--data", hub.data], input === undefined ? {} : { input });

/** Runs `tail` and gives its lines as they come; ends it like Ctrl-C. */
function startTail(t: TestContext, args: readonly string[], data = hub.data) {
  const child = spawnSignalbox(["tail", ...args, "--data", data], {});
  t.after(() => child.kill("SIGKILL"));
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  const notices = createInterface(child.stderr!)[Symbol.asyncIterator]();
  return {
    line: async () => (await lines.next()).value as string,
    notice: async () => (await notices.next()).value as string,
    async stop() {
      child.kill("SIGINT");
      return child.exitCode ?? ((await once(child, "exit"))[0] as number | null);
    },
  };
}

test("status shows the hub to a person, and with --json the whole HubStatus", async () => {
  const text = await run(["status"]);
  assert.equal(text.code, 0, text.stderr);
  for (const part of [hub.ingress, hub.inspector, hub.data, `pid ${hub.pid}`, "open"]) assert.ok(text.stdout.includes(part), part);
  const json = JSON.parse((await run(["status", "--json"])).stdout) as HubStatus;
  assert.equal(json.pid, hub.pid);
  assert.equal(json.log.state, "open");
  assert.equal(json.limits.maxBodyBytes, 3 * 1024 ** 2);
});

test("a hub is found by address and token, too; a wrong token is told", async () => {
  const env = { HOME: "/nonexistent", SIGNALBOX_TOKEN: hub.token };
  assert.equal((await runSignalbox(["status", "--inspector", hub.inspector], { env })).code, 0);
  const wrong = await runSignalbox(["status", "--json", "--inspector", `${hub.inspector}/`, "--token", "not-the-token-at-all"]);
  assert.equal(wrong.code, 1);
  assert.equal((JSON.parse(wrong.stderr) as { error: { code: string } }).error.code, "TOKEN_INVALID");
});

test("publish stores an argument or the bytes of standard input, and prints id and seq", async () => {
  const api = createInspectorApi(hub);
  const text = await run(["publish", "cli/text", "grüße", "--content-type", "text/plain", "--retain", "--json"]);
  assert.equal(text.code, 0, text.stderr);
  const published = JSON.parse(text.stdout) as { id: string; seq: number };
  const event = (await api.get(`/events/${published.id}`)) as EventSummary;
  assert.equal(event.seq, published.seq);
  assert.equal(event.topic, "cli/text");
  assert.equal(event.contentType, "text/plain");
  assert.equal(event.retained, true);
  assert.equal(String(await api.body(published.id)), "grüße");

  const bytes = Uint8Array.from({ length: 2000 }, (_, index) => index % 256);
  for (const args of [
    ["publish", "cli/bytes", "-"],
    ["publish", "cli/bytes"],
  ]) {
    const { code, stdout, stderr } = await run(args, bytes);
    assert.equal(code, 0, stderr);
    const [, id = "", seq] = /^(\S+) {2}seq (\d+)\n$/.exec(stdout) ?? [];
    assert.ok(Number(seq) > published.seq);
    assert.deepEqual(await api.body(id), Buffer.from(bytes));
  }
});

test("publish takes what the hub takes, text or not, and refuses more by the hub's own bound", async () => {
  const api = createInspectorApi(hub);
  for (const body of [Buffer.alloc(3 * 1024 ** 2, "a"), Buffer.alloc(3 * 1024 ** 2, 0xff)]) {
    const { code, stdout, stderr } = await run(["publish", "cli/large", "--json"], body);
    assert.equal(code, 0, stderr);
    assert.ok((await api.body((JSON.parse(stdout) as { id: string }).id)).equals(body));
  }
  const refused = await run(["publish", "cli/large", "--json"], Buffer.alloc(3 * 1024 ** 2 + 1));
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /BODY_TOO_LARGE.*3 MiB/);
});

test("tail shows stored events and then live ones, one line each, filtered, and ends with Ctrl-C", async (t) => {
  await run(["publish", "cli/tail/stored", "first"]);
  const tail = startTail(t, ["topic:cli/tail/#", "--after", "0"]);
  assert.match(await tail.line(), /^\d\d:\d\d:\d\d\.\d{3} .*cli\/tail\/stored .*first$/);
  await run(["publish", "cli/other", "not shown"]);
  await run(["publish", "cli/tail/live", "second"]);
  assert.match(await tail.line(), /cli\/tail\/live .*second$/);
  assert.equal(await tail.stop(), 0);
});

test("tail --json prints a summary per line, with --body the body as text or base64, and --limit ends it", async () => {
  await run(["publish", "cli/body", "three\nlines\n"]);
  await run(["publish", "cli/body"], Uint8Array.of(0xff, 0x00));
  const { code, stdout } = await run(["tail", "topic:cli/body", "--after", "0", "-n", "2", "--json", "--body"]);
  assert.equal(code, 0);
  const [text, binary] = stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as EventSummary & { body?: string; bodyBase64?: string });
  assert.equal(text?.body, "three\nlines\n");
  assert.equal(text.topic, "cli/body");
  assert.equal(binary?.bodyBase64, "/wA=");
});

test("escape sequences in a payload never reach the output raw", async () => {
  const hostile = "\u001b]0;owned\u0007\u009b2J\u202eevil";
  await run(["publish", "cli/hostile"], hostile);
  for (const extra of [[], ["--body"], ["--json"], ["--json", "--body"]]) {
    const { code, stdout } = await run(["tail", "topic:cli/hostile", "--after", "0", "-n", "1", ...extra]);
    assert.equal(code, 0);
    assert.match(stdout, /evil/);
    assert.doesNotMatch(stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  }
});

test("tail takes a topic filter with a wildcard as it is, beside other terms", async () => {
  for (const topic of ["wild/a/t", "wild/b/t", "wild/b/u"]) await run(["publish", topic, "x"]);
  const topics = async (...filter: string[]): Promise<string[]> => {
    const { stdout } = await run(["tail", "--after", "0", "--json", "-n", "2", ...filter]);
    return stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as EventSummary).topic);
  };
  assert.deepEqual(await topics("wild/+/t"), ["wild/a/t", "wild/b/t"]);
  assert.deepEqual(await topics("wild/b/#", "protocol:hub"), ["wild/b/t", "wild/b/u"]);
});

test("tail ends quietly when nobody reads on", async (t) => {
  const child = spawnSignalbox(["tail", "--after", "0", "--json", "--data", hub.data], {});
  t.after(() => child.kill("SIGKILL"));
  await once(child.stdout!, "data");
  child.stdout!.destroy();
  let stderr = "";
  child.stderr!.on("data", (chunk) => (stderr += String(chunk)));
  const exited = once(child, "exit");
  await run(["publish", "cli/pipe", "x"]);
  assert.equal((await exited)[0], 0);
  assert.equal(stderr, "");
});

test("tail goes on without gap or duplicate when the hub is killed and comes back on other ports", async (t) => {
  const folder = tempFolder(t);
  const first = await startHub({ dataFolder: folder });
  t.after(() => first.kill());
  const publish = async (hub: TestHub, text: string) => {
    await fetch(`${hub.ingress}/in/restart`, { method: "POST", body: text });
  };
  await publish(first, "one");
  const tail = startTail(t, ["--after", "0", "--json", "source:restart"], folder);
  const preview = async () => (JSON.parse(await tail.line()) as EventSummary).preview;
  assert.equal(await preview(), "one");
  await first.kill();
  assert.match(await tail.notice(), /gone/);
  const second = await startHub({ dataFolder: folder });
  t.after(() => second.kill());
  await publish(second, "two");
  assert.match(await tail.notice(), /back/);
  await publish(second, "three");
  assert.equal(await preview(), "two");
  assert.equal(await preview(), "three");
  assert.equal(await tail.stop(), 0);
  assert.equal(await second.stop(), 0);
});

test("open prints a login link that lets a browser in once", async () => {
  const { code, stdout } = await run(["open", "--print"]);
  assert.equal(code, 0);
  assert.match(stdout.trim(), new RegExp(`^${hub.inspector}/#login=\\S{20,}$`));
  const json = JSON.parse((await run(["open", "--print", "--json"])).stdout) as { login: string; opened: boolean };
  assert.notEqual(json.login, stdout.trim());
  assert.equal(json.opened, false);
});
