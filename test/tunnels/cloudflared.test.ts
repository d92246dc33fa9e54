import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { cloudflared, readQuickUrl } from "../../main/tunnels/providers/cloudflared.ts";
import { eventually } from "../support/eventually.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { needsPerson, startTunnelTarget } from "../support/tunnel-target.ts";

/** What cloudflared writes to stderr for a quick tunnel, shortened. */
const QUICK = `2026-01-01T10:00:00Z INF Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare account, is a quick way to experiment
2026-01-01T10:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...
2026-01-01T10:00:01Z INF +--------------------------------------------------------------------------------------------+
2026-01-01T10:00:01Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |
2026-01-01T10:00:01Z INF |  https://four-dashed-word-url.trycloudflare.com                                            |
2026-01-01T10:00:01Z INF +--------------------------------------------------------------------------------------------+
2026-01-01T10:00:01Z INF Settings: map[ha-connections:1 protocol:quic url:http://127.0.0.1:1]
2026-01-01T10:00:02Z INF Registered tunnel connection connIndex=0 event=0 ip=198.51.100.1 location=mad01 protocol=quic
`;
const REGISTERED = "2026-01-01T10:00:02Z INF Registered tunnel connection connIndex=0\n";

/** A program of that name on a PATH of its own, which notes how it was started, says something and waits for its end. */
function fakeBinary(t: TestContext, says: string, thenExits: number | null = null) {
  const folder = tempFolder(t);
  const path = join(folder, "cloudflared");
  writeFileSync(join(folder, "says"), says);
  const end = thenExits === null ? "while [ ! -e give-up ]; do sleep 0.05; done; exit 3" : `exit ${thenExits}`;
  writeFileSync(
    path,
    `#!/bin/sh\ncd ${folder}\ntrap 'echo ended > ended; exit 0' TERM\necho "$@" > arguments\necho "$TUNNEL_TOKEN" > token\ncat says >&2\n${end}\n`,
  );
  chmodSync(path, 0o755);
  const read = (name: string): string => readFileSync(join(folder, name), "utf8").trim();
  return { env: { PATH: `${folder}:/usr/bin:/bin` }, read, hasEnded: () => existsSync(join(folder, "ended")), path };
}

test("a quick tunnel's URL is read from what the program says, once it is connected, and the program ends with the tunnel", async (t) => {
  const binary = fakeBinary(t, QUICK);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(cloudflared, {}, { env: binary.env });
  assert.equal(tunnel.publicUrl, "https://four-dashed-word-url.trycloudflare.com");
  assert.equal(tunnel.isForeignWord, true);
  assert.equal(binary.read("arguments"), `tunnel --no-autoupdate --url http://127.0.0.1:${target.port}`);
  await tunnel.close();
  assert.ok(binary.hasEnded());
  assert.match(await tunnel.ended, /^cloudflared ended with/);
});

test("a token is handed over by the environment, where nobody else on the machine sees it", async (t) => {
  const binary = fakeBinary(t, REGISTERED);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(cloudflared, { token: "s3cret", url: "https://hooks.example.com/" }, { env: binary.env });
  assert.equal(tunnel.publicUrl, "https://hooks.example.com");
  assert.equal(tunnel.isForeignWord, false);
  assert.deepEqual([binary.read("arguments"), binary.read("token")], ["tunnel --no-autoupdate run", "s3cret"]);
});

test("a tunnel made with cloudflared is run by its name, from the place that is said", async (t) => {
  const binary = fakeBinary(t, REGISTERED);
  const target = await startTunnelTarget(t);
  await target.open(
    cloudflared,
    { tunnel: "mine", url: "https://hooks.example.com", binary: binary.path },
    { env: { PATH: "/usr/bin:/bin" } },
  );
  assert.equal(binary.read("arguments"), `tunnel --no-autoupdate --url http://127.0.0.1:${target.port} run mine`);
});

test("a program that gives up is told with its own words", async (t) => {
  const target = await startTunnelTarget(t);
  const offline = fakeBinary(
    t,
    '2026-01-01T10:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...\nfailed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: no such host\n',
    1,
  );
  await assert.rejects(
    target.open(cloudflared, {}, { env: offline.env }),
    /ended with exit code 1\. It says: "failed to request quick Tunnel: .*no such host"/,
  );
  const refused = fakeBinary(t, "2026-01-01T10:00:00Z ERR Unauthorized: Tunnel not found error=x\n", 1);
  const settings = { token: "x", url: "https://a.example" };
  await assert.rejects(target.open(cloudflared, settings, { env: refused.env }), /It says: "Unauthorized: Tunnel not found error=x"/);
});

test("the program's own end is the tunnel's", async (t) => {
  const binary = fakeBinary(t, QUICK);
  const target = await startTunnelTarget(t);
  const tunnel = await target.open(cloudflared, {}, { env: binary.env });
  writeFileSync(join(binary.path, "..", "give-up"), "");
  assert.equal(await tunnel.ended, "cloudflared ended with exit code 3.");
});

test("opening that is given up ends the program", async (t) => {
  const binary = fakeBinary(t, "2026-01-01T10:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...\n");
  const target = await startTunnelTarget(t);
  const stop = new AbortController();
  const opening = target.open(cloudflared, {}, { env: binary.env, signal: stop.signal });
  const refused = assert.rejects(opening, /cloudflared ended/);
  await eventually("it has started", () => existsSync(join(binary.path, "..", "token")));
  stop.abort();
  await refused;
  assert.ok(binary.hasEnded());
});

test("where there is no such program, it is said how to get it", async (t) => {
  const target = await startTunnelTarget(t);
  await assert.rejects(target.open(cloudflared, {}, { env: { PATH: "/nonexistent" } }), needsPerson(/not on the PATH\. Install it/));
  await assert.rejects(target.open(cloudflared, { binary: "/nonexistent/cloudflared" }), /cannot be started: spawn .* ENOENT/);
});

test("the address of the service that makes quick tunnels is not taken for a tunnel's", () => {
  assert.equal(readQuickUrl('ERR Post "https://api.trycloudflare.com/tunnel": EOF'), null);
  assert.equal(readQuickUrl("INF |  https://a-b-c.trycloudflare.com   |"), "https://a-b-c.trycloudflare.com");
  assert.equal(readQuickUrl("https://a.trycloudflare.com.evil.example"), null);
});
