import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { once } from "node:events";
import { test } from "node:test";
import type { SourceInfo } from "../../main/contract/calls.ts";
import type { EventDetail, EventSummary } from "../../main/contract/event.ts";
import type { TunnelHealth, TunnelList } from "../../main/contract/tunnel.ts";
import { createSshd, fingerprint, makeKey, NO_SSHD } from "../support/sshd.ts";
import { freePort } from "../support/mosquitto.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startTunnelHub, toSshd } from "../support/tunnel-hub.ts";

const skip = NO_SSHD;

/** Sends with a Host of its own choice, which fetch does not allow. */
async function post(url: string, headers: Readonly<Record<string, string>>, body = ""): Promise<number> {
  const sent = request(url, { method: "POST", headers }).end(body);
  const [answer] = (await once(sent, "response")) as [{ statusCode: number; resume(): void }];
  answer.resume();
  return answer.statusCode;
}

test("500 webhooks and one of 8 MB come through a real sshd, each with the URL its sender dialled", { skip }, async (t) => {
  const sshd = await createSshd(t);
  await sshd.start();
  const hub = await startTunnelHub(t);
  await hub.api("POST", "/sources", { name: "github", public: true });
  const { publicUrl, sources, health, localUrl } = await hub.openTunnel({ providers: toSshd(sshd) });
  assert.deepEqual(sources, [{ source: "github", url: `${publicUrl}/in/github` }]);
  const github = await hub.api<SourceInfo>("GET", "/sources/github");
  assert.deepEqual(github.publicUrls, [`${publicUrl}/in/github`]);
  assert.ok(health!.ok && health!.latencyMs! > 0);
  assert.equal(health!.stream, "streams");
  assert.match(localUrl!, /^http:\/\/127\.0\.0\.1:\d+$/);

  const bodies = Array.from({ length: 500 }, (_, index) => `{"n":${index}}`);
  for (let first = 0; first < bodies.length; first += 50)
    await Promise.all(
      bodies.slice(first, first + 50).map(async (body) => {
        const answer = await fetch(`${publicUrl}/in/github/hook?a=%20b`, { method: "POST", body });
        assert.equal(answer.status, 200);
        await answer.arrayBuffer();
      }),
    );
  const big = randomBytes(8 * 1024 * 1024);
  const answer = await fetch(`${publicUrl}/in/github`, { method: "PUT", body: big });
  const { id } = (await answer.json()) as { id: string };

  const stored: EventSummary[] = (await hub.events("after=0&limit=1000&source=github")).events as EventSummary[];
  assert.equal(stored.length, 501);
  assert.deepEqual(new Set(stored.slice(0, 500).map(({ preview }) => preview)), new Set(bodies));
  const detail = await hub.api<EventDetail>("GET", `/events/${id}`);
  assert.equal(detail.sha256, createHash("sha256").update(big).digest("hex"));
  assert.equal(detail.publicUrl, `${publicUrl}/in/github`);
  assert.equal(detail.remoteAddress, "127.0.0.1");
  const first = await hub.api<EventDetail>("GET", `/events/${stored[0]!.id}`);
  assert.equal(first.publicUrl, `${publicUrl}/in/github/hook?a=%20b`);
  assert.equal((await hub.tunnel()).requests, 501);
});

test("only public sources are there, and nothing else of the ingress", { skip }, async (t) => {
  const sshd = await createSshd(t);
  await sshd.start();
  const hub = await startTunnelHub(t);
  await hub.api("POST", "/sources", { name: "open", public: true });
  await hub.api("POST", "/sources", { name: "secret" });
  const { publicUrl } = await hub.openTunnel({ providers: toSshd(sshd) });
  const statusOf = async (path: string, init: RequestInit = {}): Promise<[number, string]> => {
    const answer = await fetch(publicUrl + path, init);
    return [answer.status, await answer.text()];
  };
  assert.equal((await statusOf("/in/open", { method: "POST", body: "x" }))[0], 200);
  const [, nothing] = await statusOf("/nowhere");
  for (const path of [
    "/in/secret",
    "/in/unknown",
    "/in/%00",
    "/in/../in/secret",
    "/",
    "/sse?topic=%23",
    "/poll?topic=%23",
    "/client/signalbox-client.js",
  ])
    assert.deepEqual(await statusOf(path), [404, nothing], path);
  for (const path of ["/publish/a", "/in/secret", "/in/unknown", "/.signalbox/self-test/guess"])
    assert.deepEqual(await statusOf(path, { method: "POST", body: "x" }), [404, nothing], path);
  for (const path of ["/ws", "/mqtt", "/ws/topic/a"]) {
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAA==",
    };
    assert.equal(await post(publicUrl + path, upgrade), 404, path);
  }
  const { events } = await hub.events("after=0&limit=100");
  assert.deepEqual(
    events.map(({ source }) => source),
    ["open"],
  );
  const { sources } = await hub.api<{ sources: { name: string }[] }>("GET", "/sources");
  assert.deepEqual(
    sources.map(({ name }) => name),
    ["open", "secret"],
  );
  assert.ok((await hub.tunnel()).turnedAway >= 12);

  await hub.api("PUT", "/sources/open", { public: false });
  assert.equal((await statusOf("/in/open", { method: "POST", body: "x" }))[0], 404);
});

test(
  "the Host of a request is the public host, unless something on the way has replaced it, or a person has said what the URL is",
  { skip },
  async (t) => {
    const sshd = await createSshd(t);
    await sshd.start();
    const hub = await startTunnelHub(t);
    await hub.api("POST", "/sources", { name: "hook", public: true });
    const port = await freePort();
    const newest = async (): Promise<string> => {
      const { events } = await hub.events("limit=1");
      return (await hub.api<EventDetail>("GET", `/events/${events[0]!.id}`)).publicUrl!;
    };
    const { publicUrl } = await hub.openTunnel({ providers: toSshd(sshd, { "remote-port": String(port) }) });
    assert.equal(await post(`${publicUrl}/in/hook?x=1`, { host: "Hooks.Example.com" }), 200);
    assert.equal(await newest(), "http://hooks.example.com/in/hook?x=1");
    assert.equal(await post(`${publicUrl}/in/hook`, { host: "localhost:1" }), 200);
    assert.equal(await newest(), `${publicUrl}/in/hook`);

    await hub.api("PUT", "/tunnels/main", {
      providers: toSshd(sshd, { "remote-port": String(port), url: "https://hooks.example.com/hub" }),
      selfTest: false,
    });
    await hub.until("it is open again", ({ state }) => state === "open");
    assert.equal(await post(`http://127.0.0.1:${port}/in/hook`, { host: "evil.example" }), 200);
    assert.equal(await newest(), "https://hooks.example.com/hub/in/hook");
  },
);

test(
  "an sshd that is killed is connected to again when it is back, and the tunnel is open again after the hub's own restart",
  { skip },
  async (t) => {
    const sshd = await createSshd(t);
    await sshd.start();
    const dataFolder = tempFolder(t);
    const hub = await startTunnelHub(t, { dataFolder });
    await hub.api("POST", "/sources", { name: "hook", public: true });
    const port = await freePort();
    const { publicUrl } = await hub.openTunnel({ providers: toSshd(sshd, { "remote-port": String(port) }) });
    await sshd.kill();
    const lost = await hub.until("its loss is noticed", ({ state }) => state === "retrying");
    assert.match(lost.reason!, /closed the connection|broke|Nothing listens for SSH/);
    assert.equal(lost.publicUrl, null);
    await sshd.start();
    const back = await hub.until("it is back", ({ state, health }) => state === "open" && health?.ok === true);
    assert.equal(back.publicUrl, publicUrl);
    assert.equal(back.reconnects, 1);
    assert.equal(await post(`${publicUrl}/in/hook`, {}, "after"), 200);

    assert.equal(await hub.stop(), 0);
    const again = await startTunnelHub(t, { dataFolder });
    await again.until("it is open by itself", ({ state }) => state === "open");
    assert.equal(await post(`${publicUrl}/in/hook`, {}, "after a restart"), 200);
    await again.api("POST", "/tunnels/main/close");
    await assert.rejects(post(`${publicUrl}/in/hook`, {}));
    assert.deepEqual([(await again.tunnel()).state, (await again.tunnel()).wanted], ["off", false]);
  },
);

test("who is being answered when a tunnel is closed gets the answer", { skip }, async (t) => {
  const sshd = await createSshd(t);
  await sshd.start();
  const hub = await startTunnelHub(t);
  await hub.api("POST", "/sources", { name: "slow", public: true, answer: { delayMs: 20_000, status: 202 } });
  const { publicUrl } = await hub.openTunnel({ providers: toSshd(sshd) });
  const answered = post(`${publicUrl}/in/slow`, {}, "x");
  await hub.until("it has come", ({ requests }) => requests === 1);
  await hub.api("POST", "/tunnels/main/close");
  assert.equal(await answered, 202);
});

test("a wrong host key and a wrong key are told in the tunnel's state, and mended without a restart", { skip }, async (t) => {
  const sshd = await createSshd(t);
  await sshd.start();
  const hub = await startTunnelHub(t);
  const folder = tempFolder(t);
  const wrong = makeKey(folder, "wrong");
  await hub.api("PUT", "/tunnels/main", { providers: toSshd(sshd, { "host-key": fingerprint(`${wrong}.pub`) }) });
  await hub.api("POST", "/tunnels/main/open");
  const refused = await hub.until("the host key is refused", ({ state }) => state === "retrying");
  assert.match(refused.reason!, /not connected to/);
  assert.ok(refused.retryAt! - Date.now() > 60_000, "what only a person can mend is not tried again soon");
  await hub.api("PUT", "/tunnels/main", { providers: toSshd(sshd, { key: wrong }) });
  const nobody = await hub.until("the key is refused", ({ state, reason }) => state === "retrying" && reason !== refused.reason);
  assert.match(nobody.reason!, new RegExp(`${fingerprint(`${wrong}.pub`).replaceAll("+", "\\+")}.*authorized_keys`));
  await hub.api("PUT", "/tunnels/main", { providers: toSshd(sshd) });
  await hub.until("it is open", ({ state }) => state === "open");
  const health = await hub.api<TunnelHealth>("POST", "/tunnels/main/test");
  assert.deepEqual([health.ok, health.stream], [true, "streams"]);
});

test("the second provider stands in for the first, and says why", { skip }, async (t) => {
  const sshd = await createSshd(t);
  await sshd.start();
  const hub = await startTunnelHub(t, { env: { PATH: "/nonexistent" } });
  await hub.api("PUT", "/tunnels/main", { providers: [{ provider: "cloudflared", settings: {} }, ...toSshd(sshd)] });
  const { unavailable } = await hub.api<TunnelList>("GET", "/tunnels");
  assert.match(unavailable.find(({ provider }) => provider === "cloudflared")!.reason, /not on the PATH/);
  assert.match(unavailable.find(({ provider }) => provider === "ngrok")!.reason, /npm install --no-save @ngrok\/ngrok/);
  await hub.api("POST", "/tunnels/main/open");
  const open = await hub.until("it is open", ({ state }) => state === "open");
  assert.equal(open.provider, "ssh");
  assert.match(open.reason!, /Cloudflare Tunnel: The program cloudflared is not on the PATH/);
});
