import assert from "node:assert/strict";
import { test } from "node:test";
import { runCli } from "../../main/cli/main.ts";
import type { TunnelHealth, TunnelInfo, TunnelList } from "../../main/contract/tunnel.ts";
import { createFakeIo } from "../support/fake-io.ts";
import { startHub } from "../support/run-signalbox.ts";
import { createSshd, NO_SSHD } from "../support/sshd.ts";
import { tempFolder } from "../support/temp-folder.ts";

const skip = NO_SSHD;

/** The command in this process, which is quicker than the program; the hub is the real one. */
async function runTunnel(args: readonly string[], input = "") {
  const io = createFakeIo({ input: input === "" ? [] : [Buffer.from(input)] });
  const code = await runCli(["tunnel", ...args], io);
  return { code, stdout: io.out(), stderr: io.err() };
}

test("a tunnel is opened, listed, tried, closed and removed, for a person and for a program", { skip }, async (t) => {
  const sshd = await createSshd(t);
  await sshd.start();
  const dataFolder = tempFolder(t);
  const hub = await startHub({ dataFolder, env: { PATH: "/nonexistent" } });
  t.after(() => hub.stop());
  const run = (args: readonly string[], input = "") => runTunnel([...args, "--data", dataFolder], input);

  assert.match(
    (await run(["list"])).stdout,
    /^There are no tunnels\. Open one with: signalbox tunnel open localhost\.run\ncloudflared cannot be used:/,
  );
  const settings = [`host=root@127.0.0.1`, `port=${sshd.port}`, `key=${sshd.key}`, `host-key=${sshd.hostKey}`].flatMap((one) => [
    "--set",
    one,
  ]);
  const opened = await run(["open", "main", "--provider", "ssh", ...settings, "--source", "github", "--set", "passphrase=-"], "s3cret\n");
  assert.equal(opened.code, 0, opened.stderr);
  const [url, works, github] = opened.stdout.split("\n");
  assert.match(url!, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.match(works!, /^It works: \d+ ms there and back; streams come through\.$/);
  assert.equal(github, `github  ${url}/in/github`);
  const answer = await fetch(`${url}/in/github`, { method: "POST", body: "x" });
  assert.equal(answer.status, 200);

  const again = await run(["open", "main", "--json"]);
  const info = JSON.parse(again.stdout) as TunnelInfo;
  assert.deepEqual([info.state, info.publicUrl, info.reconnects], ["open", url, 0], "one that is open stays as it is");
  assert.deepEqual(info.providers[0]!.secrets, ["passphrase"]);
  assert.match((await run(["list"])).stdout, new RegExp(`^main +open +ssh +${url} +\\d+ ms$`, "m"));
  const { tunnels } = JSON.parse((await run(["list", "--json"])).stdout) as TunnelList;
  assert.equal(tunnels[0]!.name, "main");
  assert.match((await run(["test", "main"])).stdout, /^It works: /);
  assert.equal((JSON.parse((await run(["test", "main", "--json"])).stdout) as TunnelHealth).ok, true);
  assert.equal((await run(["close", "main"])).stdout, 'The tunnel "main" is closed.\n');
  await assert.rejects(fetch(url!));
  const closed = await run(["test", "main"]);
  assert.deepEqual([closed.code, closed.stdout], [1, ""]);
  assert.match(closed.stderr, /is not open/);
  assert.deepEqual(JSON.parse((await run(["remove", "main", "--json"])).stdout), { name: "main", removed: true });
});

test("a tunnel that does not open is told with why, and how to give it up", async (t) => {
  const dataFolder = tempFolder(t);
  const hub = await startHub({ dataFolder, env: { PATH: "/nonexistent" } });
  t.after(() => hub.stop());
  const failed = await runTunnel(["open", "cloudflared", "--data", dataFolder]);
  assert.equal(failed.code, 1);
  assert.match(
    failed.stdout,
    /^The tunnel is not open\. The program cloudflared is not on the PATH\..*\n.*signalbox tunnel close cloudflared\n$/,
  );
  const waiting = await runTunnel(["list", "--data", dataFolder]);
  assert.match(
    waiting.stdout,
    /^cloudflared +retrying +cloudflared\n {2}The program cloudflared is not on the PATH\..* It is tried again at \d\d:/m,
  );
  const notWaited = await runTunnel(["open", "cloudflared", "--wait", "0", "--json", "--data", dataFolder]);
  assert.equal(notWaited.code, 0);
});

test("wrong command lines are told before anything is done", async () => {
  for (const [args, says] of [
    [["open"], /Which tunnel\?/],
    [["close", "x", "--set", "a=b"], /"tunnel close" does not take --set/],
    [["list", "x"], /"tunnel list" does not take "x"/],
    [["upen", "x"], /"tunnel" does not know "upen": say open, close, list, test or remove/],
    [["open", "x", "--wait", "soon"], /--wait takes a time like 30s/],
  ] as const) {
    const { code, stderr } = await runTunnel([...args, "--inspector", "http://127.0.0.1:9", "--token", "t"]);
    assert.match(stderr, says);
    assert.equal(code, stderr.includes("HUB_UNREACHABLE") ? 3 : 2, args.join(" "));
  }
});

test("what cannot be a tunnel's settings is told with what there is", async (t) => {
  const dataFolder = tempFolder(t);
  const hub = await startHub({ dataFolder });
  t.after(() => hub.stop());
  for (const [args, says] of [
    [["mine"], /There is no tunnel "mine" yet, so say by what .* --provider with one of ssh, localhost\.run/],
    [["mine", "-p", "nrgok"], /There is no provider "nrgok"/],
    [["ngrok", "--set", "tokn=x"], /ngrok has no setting "tokn"\. It has token, domain/],
    [["ngrok", "--set", "token"], /--set takes name=value/],
    [["ngrok", "--way", "ftp"], /A tunnel cannot carry "ftp"/],
    [["ngrok", "--local-port", "x"], /--local-port takes a whole number/],
    [["ssh"], /needs host: the server/],
  ] as const) {
    const { code, stderr } = await runTunnel(["open", ...args, "--data", dataFolder]);
    assert.match(stderr, says);
    assert.equal(code, 2, args.join(" "));
  }
});
