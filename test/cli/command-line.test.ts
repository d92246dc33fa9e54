import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMANDS, runCli } from "../../main/cli/main.ts";
import { createFakeIo } from "../support/fake-io.ts";

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = createFakeIo({ env: { HOME: "/nonexistent" } });
  const code = await runCli(argv, io);
  return { code, out: io.out(), err: io.err() };
}

test("the general help names every command with its summary, and the exit codes", async () => {
  for (const argv of [[], ["--help"], ["-h"], ["help"]]) {
    const { code, out } = await run(...argv);
    assert.equal(code, 0);
    for (const { name, summary } of COMMANDS) assert.match(out, new RegExp(`^  ${name} +${summary}`, "m"));
    assert.match(out, /^ +3 {2}no hub can be reached$/m);
  }
});

test("each command's help says every option, with examples that parse", async () => {
  for (const command of COMMANDS) {
    const { code, out } = await run(command.name, "--help");
    assert.equal(code, 0);
    assert.ok(out.includes(`signalbox ${command.usage}`));
    for (const [name, { help }] of Object.entries(command.options)) {
      assert.ok(out.includes(`--${name}`) && out.includes(help), `${command.name} --${name}`);
    }
    assert.ok(command.examples.length > 0);
    for (const [line] of command.examples) assert.ok(out.includes(line));
    assert.equal((await run("help", command.name)).out, out);
  }
});

test("help is stronger than whatever else stands on the line", async () => {
  const { code, out } = await run("publish", "--help");
  assert.equal(code, 0);
  assert.match(out, /^Usage: signalbox publish/);
});

test("--version prints the version alone", async () => {
  const { code, out } = await run("--version");
  assert.equal(code, 0);
  assert.match(out, /^\d+\.\d+\.\d+\n$/);
});

test("an unknown command is a usage error that proposes the nearest", async () => {
  const { code, err } = await run("statsu");
  assert.equal(code, 2);
  assert.match(err, /no command "statsu"\. Did you mean "status"\?/);
  assert.match(err, /signalbox --help/);
});

test("a word near no command gets no proposal", async () => {
  const { code, err } = await run("xyzzy");
  assert.equal(code, 2);
  assert.doesNotMatch(err, /Did you mean/);
});

test("an unknown option is a usage error that proposes the nearest and names the command's help", async () => {
  const { code, err } = await run("serve", "--ingres", "127.0.0.1:0");
  assert.equal(code, 2);
  assert.match(err, /--ingres\. Did you mean --ingress\?/);
  assert.match(err, /signalbox serve --help/);
});

test("an option that lacks its value, too many words and too few are usage errors", async () => {
  for (const argv of [
    ["tail", "--after"],
    ["status", "surplus"],
    ["publish"],
    ["tail", "-n", "none"],
    ["tail", "-n", "0"],
    ["--json", "status"],
  ]) {
    const { code, out, err } = await run(...argv);
    assert.equal(code, 2, argv.join(" "));
    assert.equal(out, "");
    assert.notEqual(err, "");
  }
});

test("with --json a wrong command line is told as one JSON object", async () => {
  const { code, err } = await run("status", "--nope", "--json");
  assert.equal(code, 2);
  const { error } = JSON.parse(err) as { error: { code: string; message: string } };
  assert.equal(error.code, "PARAMS_INVALID");
  assert.match(error.message, /--nope/);
});

test("a wrong setting is a usage error that names the setting", async () => {
  const { code, err } = await run("serve", "--ingress", "nowhere:99999");
  assert.equal(code, 2);
  assert.match(err, /--ingress/);
});

test("what cannot be a topic or a filter is refused before any hub is looked for", async () => {
  const topic = await run("publish", "sensors/+", "1");
  assert.equal(topic.code, 2);
  assert.match(topic.err, /wildcard/);
  const filter = await run("tail", "verdict:maybe");
  assert.equal(filter.code, 2);
  assert.match(filter.err, /verdict/);
});

test("without a hub, the message says where it was looked for and how to start one", async () => {
  for (const argv of [["status"], ["tail"], ["publish", "a/b", "1"], ["open", "--print"]]) {
    const { code, err } = await run(...argv, "--data", "/nonexistent/folder");
    assert.equal(code, 3, argv.join(" "));
    assert.match(err, /\/nonexistent\/folder/);
    assert.match(err, /signalbox serve --data/);
  }
});

test("a hub named by address that does not answer is unreachable", async () => {
  const { code, err } = await run("status", "--inspector", "http://127.0.0.1:1", "--token", "0123456789abcdef", "--json");
  assert.equal(code, 3);
  assert.equal((JSON.parse(err) as { error: { code: string } }).error.code, "HUB_UNREACHABLE");
});

test("publishing nothing from a terminal is a usage error", async () => {
  const io = createFakeIo({ isTTY: true, env: { NO_COLOR: "1" } });
  assert.equal(await runCli(["publish", "a/b"], io), 2);
  assert.match(io.err(), /nothing to publish/);
});

test("colours are for terminals, and NO_COLOR switches them off", async () => {
  const escape = "\u001b[";
  const on = createFakeIo({ isTTY: true });
  await runCli(["--help"], on);
  assert.ok(on.out().includes(escape));
  const off = createFakeIo({ isTTY: true, env: { NO_COLOR: "1" } });
  await runCli(["--help"], off);
  assert.ok(!off.out().includes(escape));
});
