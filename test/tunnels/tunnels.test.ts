import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Result } from "../../main/contract/errors.ts";
import type { Tunnel, TunnelChange, TunnelHealth, TunnelInfo } from "../../main/contract/tunnel.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { PROVIDERS } from "../../main/tunnels/providers.ts";
import { TunnelFault, type OpenContext, type OpenTunnel, type ProviderSettings, type TunnelProvider } from "../../main/tunnels/tunnel.ts";
import { createTunnels } from "../../main/tunnels/tunnels.ts";
import { eventually } from "../support/eventually.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { createMemoryState } from "../support/memory-state.ts";

const HOUR = 3_600_000;

/** A provider that does as it is told, one word for each time it is asked. */
function createFakeProvider(id: TunnelProvider["id"], publicUrl: string, onlySource: string | null = null) {
  const words: (TunnelFault | "open")[] = [];
  const asked: ProviderSettings[] = [];
  const health: { ok: boolean; tests: number } = { ok: true, tests: 0 };
  let lose: (why: string) => void = () => undefined;
  let remember: OpenContext["remember"] = () => undefined;
  const provider: TunnelProvider = {
    id,
    senderHeader: null,
    async open(settings, context): Promise<OpenTunnel> {
      asked.push(settings);
      remember = (setting, value) => context.remember(setting, value);
      const word = words.shift() ?? "open";
      if (word !== "open") throw word;
      const ended = Promise.withResolvers<string>();
      lose = ended.resolve;
      return {
        publicUrl,
        isForeignWord: false,
        onlySource,
        ended: ended.promise,
        async test(): Promise<TunnelHealth> {
          health.tests += 1;
          const { ok } = health;
          return { testedAt: 0, ok, latencyMs: ok ? 5 : null, stream: "streams", reason: ok ? null : "It does not answer." };
        },
        close: async () => ended.resolve("It was closed."),
      };
    },
  };
  return {
    provider,
    words,
    asked,
    health,
    lose: (why: string) => lose(why),
    remember: (setting: string, value: string) => remember(setting, value),
  };
}

function setUp(t: TestContext, configured: readonly Tunnel[] = [], rows = new Map<string, Uint8Array>()) {
  const clock = createFakeClock();
  const ssh = createFakeProvider("ssh", "https://one.example");
  const serveo = createFakeProvider("serveo", "https://two.example");
  const smee = createFakeProvider("smee", "https://smee.example/channel", "github");
  const listeners = new Set<string>();
  let busy = false;
  let next = 5000;
  const tunnels = createTunnels({
    state: createMemoryState(rows),
    configured,
    publicSources: () => ["github", "stripe"],
    async openListener(_side, port) {
      if (busy) throw new Error("Port 4810 is in use.");
      const url = `http://127.0.0.1:${port === 0 ? (next += 1) : port}`;
      listeners.add(url);
      return { url, close: async () => void listeners.delete(url) };
    },
    dataFolder: "/nowhere",
    env: {},
    clock,
    logger: silentLogger,
    providers: { ...PROVIDERS, ssh: ssh.provider, serveo: serveo.provider, smee: smee.provider },
  });
  t.after(() => tunnels.stop());
  const info = (name = "main"): TunnelInfo => tunnels.infos().find((one) => one.name === name)!;
  const until = (what: string, is: (tunnel: TunnelInfo) => boolean, name = "main"): Promise<TunnelInfo> =>
    eventually(what, () => (is(info(name)) ? info(name) : null));
  /** Moves time on until it is so. */
  const later = (what: string, is: (tunnel: TunnelInfo) => boolean, stepMs: number): Promise<TunnelInfo> =>
    eventually(what, () => {
      if (is(info())) return info();
      clock.advance(stepMs);
      return null;
    });
  return { tunnels, clock, ssh, serveo, smee, listeners, rows, info, until, later, setBusy: (is: boolean) => void (busy = is) };
}

const main: TunnelChange = { name: "main", providers: [{ provider: "ssh", settings: { host: "a.example" } }] };
const both: TunnelChange = { name: "main", providers: [...main.providers, { provider: "serveo", settings: {} }] };

function take<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

test("a tunnel goes from off to open with its own listener, and back", async (t) => {
  const { tunnels, ssh, listeners, info, until } = setUp(t);
  let changes = 0;
  const stop = tunnels.onChange(() => (changes += 1));
  assert.equal(take(await tunnels.save(main)).state, "off");
  assert.equal(take(await tunnels.open("main")).state, "opening");
  const open = await until("it is open and tried", ({ state, health }) => state === "open" && health !== null);
  assert.deepEqual([open.publicUrl, open.provider, open.reconnects, open.wanted], ["https://one.example", "ssh", 0, true]);
  assert.deepEqual(open.sources, [
    { source: "github", url: "https://one.example/in/github" },
    { source: "stripe", url: "https://one.example/in/stripe" },
  ]);
  assert.deepEqual(tunnels.publicUrls("stripe"), ["https://one.example/in/stripe"]);
  assert.deepEqual([...listeners], [open.localUrl]);
  assert.equal(ssh.asked[0]!["port"], "22", "what is not said is preset");
  assert.ok(changes >= 3);
  stop();
  assert.equal(take(await tunnels.close("main")).state, "off");
  assert.equal(listeners.size, 0);
  assert.deepEqual(tunnels.publicUrls("stripe"), []);
  assert.equal(info().wanted, false);
});

test("a tunnel on which everything is for one source has that source's URL alone", async (t) => {
  const { tunnels, until } = setUp(t);
  take(await tunnels.save({ name: "main", providers: [{ provider: "smee", settings: { source: "github" } }] }));
  take(await tunnels.open("main"));
  const { sources, note } = await until("it is open", ({ state }) => state === "open");
  assert.deepEqual(sources, [{ source: "github", url: "https://smee.example/channel" }]);
  assert.match(note!, /signatures over the exact body may fail/);
});

test("a lost connection is made again, sooner or later, and counted", async (t) => {
  const { tunnels, ssh, until, later } = setUp(t);
  take(await tunnels.save(main));
  take(await tunnels.open("main"));
  await until("it is open", ({ state }) => state === "open");
  ssh.lose("The server is gone.");
  const lost = await until("it is lost", ({ state }) => state === "retrying");
  assert.deepEqual([lost.reason, lost.publicUrl], ["The server is gone.", null]);
  assert.ok(lost.retryAt! <= 1_700_000_000_000 + 2000);
  ssh.words.push(new TunnelFault("Not yet."), new TunnelFault("Still not."));
  const back = await later("it is open again", ({ state }) => state === "open", 10_000);
  assert.equal(back.reconnects, 1);
  assert.equal(ssh.asked.length, 4);
});

test("providers stand in for one another in order; the one that was open last is asked first", async (t) => {
  const { tunnels, ssh, serveo, until, later } = setUp(t);
  ssh.words.push(new TunnelFault("No route."));
  take(await tunnels.save(both));
  take(await tunnels.open("main"));
  const open = await until("the second is open", ({ state }) => state === "open");
  assert.deepEqual([open.provider, open.reason], ["serveo", "SSH to a server of your own: No route."]);
  serveo.lose("Gone.");
  await until("it is lost", ({ state }) => state === "retrying");
  await later("it is back", ({ state }) => state === "open", 1000);
  assert.deepEqual([ssh.asked.length, serveo.asked.length], [1, 2]);
  serveo.words.push(new TunnelFault("Full."));
  serveo.lose("Gone again.");
  await until("it is lost again", ({ state }) => state === "retrying");
  assert.equal((await later("the first is open", ({ state }) => state === "open", 1000)).provider, "ssh");
});

test("what only a person can mend is not tried again soon, unless it is asked for", async (t) => {
  const { tunnels, ssh, clock, until, info } = setUp(t);
  ssh.words.push(new TunnelFault("Wrong key.", { needsPerson: true }));
  take(await tunnels.save(main));
  take(await tunnels.open("main"));
  const { retryAt } = await until("it waits", ({ state }) => state === "retrying");
  assert.ok(retryAt! - clock.now() >= 150_000);
  clock.advance(60_000);
  assert.equal(info().state, "retrying");
  take(await tunnels.open("main"));
  await until("it is open", ({ state }) => state === "open");
});

test("a new tunnel has its time to become known; one that never works is failing, and stays open where nothing stands in", async (t) => {
  const { tunnels, ssh, until, later, clock, info } = setUp(t);
  ssh.health.ok = false;
  take(await tunnels.save(main));
  take(await tunnels.open("main"));
  await until("it is open", ({ state }) => state === "open");
  const failing = await later("it is known to fail", ({ state }) => state === "failing", 1000);
  assert.deepEqual([failing.reason, failing.publicUrl, ssh.health.tests], ["It does not answer.", "https://one.example", 6]);
  clock.advance(HOUR);
  await eventually("it is tried still", () => ssh.health.tests > 6);
  assert.equal(info().reconnects, 0);
  ssh.health.ok = true;
  await later("it works after all", ({ state }) => state === "open", 60_000);
});

test("a tunnel that has worked and does not any more is given up for the next one", async (t) => {
  const { tunnels, ssh, until, later } = setUp(t);
  take(await tunnels.save(both));
  take(await tunnels.open("main"));
  await until("it works", ({ health }) => health?.ok === true);
  ssh.health.ok = false;
  const other = await later("the other is open", ({ state, provider }) => state === "open" && provider === "serveo", 30_000);
  assert.deepEqual([other.publicUrl, other.reason], ["https://two.example", "It does not answer."]);
  assert.equal(ssh.asked.length, 1);
});

test("a tunnel can be tried by hand, when it is open", async (t) => {
  const { tunnels, until } = setUp(t);
  take(await tunnels.save({ ...main, selfTest: false }));
  const closed = await tunnels.test("main");
  assert.equal(closed.ok ? "" : closed.refusal.code, "TUNNEL_NOT_OPEN");
  const unknown = await tunnels.test("other");
  assert.equal(unknown.ok ? "" : unknown.refusal.code, "TUNNEL_NOT_FOUND");
  take(await tunnels.open("main"));
  const open = await until("it is open", ({ state }) => state === "open");
  assert.equal(open.health, null, "nobody tries it by itself");
  assert.equal(take(await tunnels.test("main")).latencyMs, 5);
});

test("a listener's port that is in use is told, and tried again", async (t) => {
  const { tunnels, setBusy, until, later } = setUp(t);
  setBusy(true);
  take(await tunnels.save({ ...main, localPort: 4810 }));
  take(await tunnels.open("main"));
  const { reason } = await until("it waits", ({ state }) => state === "retrying");
  assert.equal(reason, "Port 4810 is in use.");
  setBusy(false);
  const { localUrl } = await later("it is open", ({ state }) => state === "open", 60_000);
  assert.equal(localUrl, "http://127.0.0.1:4810");
});

test("secrets are kept but never shown, and go to no other server", async (t) => {
  const { tunnels, ssh, rows, until } = setUp(t);
  const settings = { host: "a.example", password: "s3cret", key: "/keys/a" };
  const shown = take(await tunnels.save({ name: "main", providers: [{ provider: "ssh", settings }] }));
  assert.deepEqual(shown.providers, [{ provider: "ssh", settings: { host: "a.example", key: "/keys/a" }, secrets: ["password"] }]);
  take(await tunnels.save({ name: "main", providers: [{ provider: "ssh", settings: { host: "a.example", "remote-port": "80" } }] }));
  take(await tunnels.open("main"));
  await until("it is open", ({ state }) => state === "open");
  assert.equal(ssh.asked[0]!["password"], "s3cret", "left out, it stays");
  const elsewhere: readonly Record<string, string>[] = [
    { host: "b.example" },
    { host: "a.example", port: "2222" },
    { host: "a.example", user: "eve" },
  ];
  for (const change of elsewhere) {
    const moved = take(await tunnels.save({ name: "main", providers: [{ provider: "ssh", settings: change }] }));
    assert.deepEqual(moved.providers[0]!.secrets, [], JSON.stringify(change));
    take(await tunnels.save({ name: "main", providers: [{ provider: "ssh", settings }] }));
  }
  assert.doesNotMatch(JSON.stringify(await tunnels.list()), /s3cret/);
  assert.match(Buffer.from(rows.get("tunnels/saved/main")!).toString(), /s3cret/);
});

test("what is saved, wanted and remembered outlives a restart", async (t) => {
  const rows = new Map<string, Uint8Array>();
  const before = setUp(t, [], rows);
  take(await before.tunnels.save(main));
  take(await before.tunnels.save({ ...main, name: "off" }));
  take(await before.tunnels.open("main"));
  await before.until("it is open", ({ state }) => state === "open");
  before.ssh.remember("remote-port", "8080");
  await before.tunnels.stop();
  const after = setUp(t, [], rows);
  after.tunnels.start();
  await after.until("it is open again", ({ state }) => state === "open");
  assert.equal(after.ssh.asked[0]!["remote-port"], "8080");
  assert.equal(after.info("off").state, "off");
  take(await after.tunnels.remove("main"));
  assert.deepEqual(
    after.tunnels.infos().map(({ name }) => name),
    ["off"],
  );
  assert.deepEqual([...rows.keys()], ["tunnels/saved/off"]);
  assert.equal(after.listeners.size, 0);
});

test("tunnels of the settings file are open from the start, can be closed, and come back when what stands for them is removed", async (t) => {
  const configured: Tunnel = { ...main, ways: [], localPort: 0, selfTest: true };
  const { tunnels, until, info } = setUp(t, [configured]);
  tunnels.start();
  assert.equal((await until("it is open", ({ state }) => state === "open")).fromFile, true);
  const refused = await tunnels.remove("main");
  assert.match(refused.ok ? "" : refused.refusal.message, /removed there/);
  take(await tunnels.save({ name: "main", providers: [{ provider: "serveo", settings: {} }] }));
  await until("the other is open", ({ publicUrl }) => publicUrl === "https://two.example");
  take(await tunnels.remove("main"));
  await until("that of the file is open", ({ publicUrl }) => publicUrl === "https://one.example");
  take(await tunnels.close("main"));
  assert.equal(info().state, "off");
});

test("what cannot be a tunnel is refused with what is wrong", async (t) => {
  const { tunnels } = setUp(t);
  const refusals: readonly (readonly [Partial<TunnelChange>, RegExp])[] = [
    [{ name: "a/b" }, /name must have/],
    [{ providers: [] }, /needs a provider/],
    [{ providers: Array.from({ length: 9 }, () => main.providers[0]!) }, /more than 8 providers/],
    [{ providers: [{ provider: "ssh", settings: {} }] }, /needs host: the server/],
    [{ providers: [{ provider: "ssh", settings: { host: "a", hots: "b" } }] }, /no setting "hots", only host, port/],
    [{ providers: [{ provider: "ssh", settings: { host: "-oProxyCommand=x" } }] }, /host must be a name or an address/],
    [{ providers: [{ provider: "ssh", settings: { host: "a", port: "70000" } }] }, /port must be a port/],
    [{ providers: [{ provider: "ssh", settings: { host: "a", "host-key": "abc" } }] }, /host-key must be like SHA256/],
    [{ providers: [{ provider: "ssh", settings: { host: "a", key: "id_rsa" } }] }, /key must be a path from the root/],
    [{ providers: [{ provider: "ssh", settings: { host: "a", url: "ftp://a" } }] }, /url must be an http or https URL/],
    [
      { providers: [{ provider: "cloudflared", settings: { tunnel: "--config=/etc/passwd", url: "https://a.example" } }] },
      /tunnel must be printable text that does not begin with a dash/,
    ],
    [{ providers: [{ provider: "cloudflared", settings: { tunnel: "mine" } }] }, /named tunnel needs url/],
    [{ providers: [{ provider: "cloudflared", settings: { token: "t", url: "https://a.example" } }] }, /needs a fixed local port/],
    [{ providers: [{ provider: "smee", settings: { source: "a/b" } }] }, /source must be a source's name/],
  ];
  for (const [change, says] of refusals) {
    const saved = await tunnels.save({ ...main, ...change });
    assert.match(saved.ok ? "accepted" : saved.refusal.message, says);
    assert.equal(saved.ok ? "" : saved.refusal.code, "PARAMS_INVALID");
  }
  for (let count = 0; count < 20; count += 1) take(await tunnels.save({ ...main, name: `t${count}` }));
  const full = await tunnels.save({ ...main, name: "one-more" });
  assert.match(full.ok ? "" : full.refusal.message, /20 tunnels already/);
});
