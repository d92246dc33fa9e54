import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { ssh } from "../../main/tunnels/providers/ssh.ts";
import { freePort } from "../support/mosquitto.ts";
import { createSshd, fingerprint, makeKey, NO_SSHD, type Sshd } from "../support/sshd.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { needsPerson, startTunnelTarget } from "../support/tunnel-target.ts";

const skip = NO_SSHD;

async function setUp(t: TestContext, more = "") {
  const sshd = await createSshd(t, more);
  await sshd.start();
  const target = await startTunnelTarget(t);
  const settings = (change: Readonly<Record<string, string | undefined>> = {}): Record<string, string> => {
    const all = { host: "root@127.0.0.1", port: String(sshd.port), key: sshd.key, "host-key": sshd.hostKey, ...change };
    return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
  };
  return { sshd, target, settings };
}

const hostKeyBlob = ({ publicHostKey }: Sshd): Buffer => Buffer.from(publicHostKey.split(" ")[1]!, "base64");

test("a real sshd hands requests on, with their bytes as they are and the sender's address", { skip }, async (t) => {
  const { target, settings } = await setUp(t);
  const tunnel = await target.open(ssh, settings());
  assert.match(tunnel.publicUrl, /^http:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(tunnel.isForeignWord, false);
  const body = randomBytes(8 * 1024 * 1024);
  const answer = await fetch(`${tunnel.publicUrl}/in/x?a=%20b`, { method: "POST", body, headers: { "x-case": "ünïcode".slice(1, 2) } });
  assert.equal(await answer.text(), createHash("sha256").update(body).digest("hex"));
  assert.equal(target.requests[0]!.url, "/in/x?a=%20b");
  assert.deepEqual(new Set(target.senders.values()), new Set(["127.0.0.1"]));
  await tunnel.close();
  await assert.rejects(fetch(tunnel.publicUrl));
});

test("many senders at once are handed on, each with its own answer", { skip }, async (t) => {
  const { target, settings } = await setUp(t);
  const { publicUrl } = await target.open(ssh, settings());
  const bodies = Array.from({ length: 100 }, (_, index) => `body ${index}`);
  const answers = await Promise.all(bodies.map(async (body) => (await fetch(publicUrl, { method: "POST", body })).text()));
  assert.deepEqual(
    answers,
    bodies.map((body) => createHash("sha256").update(body).digest("hex")),
  );
});

test("a port of the server can be asked for, and one that is taken is refused with what to look at", { skip }, async (t) => {
  const { target, settings } = await setUp(t);
  const port = await freePort();
  const tunnel = await target.open(ssh, settings({ "remote-port": String(port) }));
  assert.equal(tunnel.publicUrl, `http://127.0.0.1:${port}`);
  await assert.rejects(
    target.open(ssh, settings({ "remote-port": String(port) })),
    needsPerson(/does not forward port \d+ .*AllowTcpForwarding/),
  );
});

test("the public URL is the one that is said, where something stands before the server's port", { skip }, async (t) => {
  const { target, settings } = await setUp(t);
  const { publicUrl } = await target.open(ssh, settings({ url: "https://Hooks.example.com/" }));
  assert.equal(publicUrl, "https://hooks.example.com");
});

test("a server with another host key than the pinned one is not connected to, and no key is shown to it", { skip }, async (t) => {
  const { sshd, target, settings } = await setUp(t);
  const other = fingerprint(`${makeKey(tempFolder(t), "other")}.pub`);
  const says = needsPerson(new RegExp(`${sshd.hostKey.replaceAll("+", "\\+")}, and host-key says SHA256:.*not connected to`));
  await assert.rejects(target.open(ssh, settings({ "host-key": other })), says);
  assert.doesNotMatch(sshd.log(), /Accepted|Failed/);
});

test(
  "a server that no known_hosts file knows is refused with its key, unless it is to be believed; then it is remembered",
  { skip },
  async (t) => {
    const { sshd, target, settings } = await setUp(t);
    const dataFolder = tempFolder(t);
    const stranger = settings({ "host-key": undefined });
    await assert.rejects(
      target.open(ssh, stranger, { dataFolder }),
      needsPerson(/is not known: it shows the key SHA256:\S+\. If that is right, give it as host-key/),
    );
    await target.open(ssh, { ...stranger, "accept-new": "yes" }, { dataFolder });
    assert.equal(readFileSync(join(dataFolder, "known_hosts"), "utf8"), `[127.0.0.1]:${sshd.port} ${sshd.publicHostKey}\n`);
    await target.open(ssh, stranger, { dataFolder });

    const other = readFileSync(`${makeKey(tempFolder(t), "other")}.pub`, "utf8")
      .split(" ")
      .slice(0, 2)
      .join(" ");
    writeFileSync(join(dataFolder, "known_hosts"), `[127.0.0.1]:${sshd.port} ${other}\n`);
    const changed = needsPerson(/is not the one that is known: it shows SHA256:.*ssh-keygen -R/);
    await assert.rejects(target.open(ssh, { ...stranger, "accept-new": "yes" }, { dataFolder }), changed);
    assert.ok(hostKeyBlob(sshd).length > 0);
  },
);

test("a key the server does not want is named, with its file and what to do", { skip }, async (t) => {
  const { target, settings } = await setUp(t);
  const wrong = makeKey(tempFolder(t), "wrong");
  const says = needsPerson(
    new RegExp(`does not let root in with the key SHA256:\\S+ \\(${wrong}\\)\\. Add the public key to .*authorized_keys`),
  );
  await assert.rejects(target.open(ssh, settings({ key: wrong })), says);
});

test("a key file that is missing, public or locked is said to be", { skip }, async (t) => {
  const { sshd, target, settings } = await setUp(t);
  const folder = tempFolder(t);
  await assert.rejects(target.open(ssh, settings({ key: join(folder, "none") })), needsPerson(/cannot be read: ENOENT/));
  await assert.rejects(target.open(ssh, settings({ key: `${sshd.key}.pub` })), needsPerson(/holds a public key/));
  const locked = makeKey(folder, "locked", "open sesame");
  await assert.rejects(target.open(ssh, settings({ key: locked })), needsPerson(/Give its passphrase/));
  await assert.rejects(target.open(ssh, settings({ key: locked, passphrase: "open sesame" })), needsPerson(/does not let root in/));
});

test("the agent's keys are used where no key is named", { skip }, async (t) => {
  const { sshd, target, settings } = await setUp(t);
  const socket = join(tempFolder(t), "agent");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: ["ignore", "pipe", "ignore"] });
  t.after(() => agent.kill());
  await once(agent.stdout, "data");
  const env = { SSH_AUTH_SOCK: socket };
  await assert.rejects(target.open(ssh, settings({ key: undefined }), { env }), needsPerson(/does not let root in with the agent's keys/));
  execFileSync("ssh-add", ["-q", sshd.key], { env });
  const { publicUrl } = await target.open(ssh, settings({ key: undefined }), { env });
  assert.equal((await fetch(publicUrl)).status, 200);
});

test("opening that is given up while the server says nothing ends at once", { skip }, async (t) => {
  const mute = createServer((socket) => void socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  await once(mute, "listening");
  t.after(() => mute.close());
  const target = await startTunnelTarget(t);
  const key = makeKey(tempFolder(t), "any");
  const stop = new AbortController();
  mute.once("connection", () => stop.abort());
  const { port } = mute.address() as AddressInfo;
  const opening = target.open(ssh, { host: "127.0.0.1", port: String(port), key, "accept-new": "yes" }, { signal: stop.signal });
  await assert.rejects(opening, /closed the connection before it let/);
});

test("a server that is not there, and one that is no SSH server, are told apart", { skip }, async (t) => {
  const { target, settings } = await setUp(t);
  await assert.rejects(target.open(ssh, settings({ port: String(await freePort()) })), /Nothing listens for SSH at 127\.0\.0\.1, port/);
  await assert.rejects(target.open(ssh, settings({ port: String(target.port) })), /(failed|closed the connection|hung up)/);
});

test("a server that is killed ends the tunnel, with words", { skip }, async (t) => {
  const { sshd, target, settings } = await setUp(t);
  const tunnel = await target.open(ssh, settings());
  await sshd.kill();
  assert.match(await tunnel.ended, /closed the connection|broke/);
});
