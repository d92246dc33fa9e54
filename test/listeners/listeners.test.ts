import assert from "node:assert/strict";
import { test } from "node:test";
import { RefusalError } from "../../main/contract/errors.ts";
import type { ListenerName } from "../../main/contract/listener.ts";
import type { OpenListener } from "../../main/gateways/gateway.ts";
import type { StateStore } from "../../main/hub/ports.ts";
import { createListeners, type Address, type ListenersOptions } from "../../main/listeners/listeners.ts";
import { openSavedAddresses } from "../../main/listeners/saved-addresses.ts";
import { silentLogger } from "../../main/platform/log.ts";
import { createMemoryState } from "../support/memory-state.ts";

const LOCAL = (port: number): Address => ({ host: "127.0.0.1", port });
const CONFIGURED = { ingress: LOCAL(4800), https: null, mqtt: LOCAL(1883), mqtts: null, inspector: LOCAL(4801) };
const EVERY_ADDRESS = "0.0.0.0";

/** A machine whose ports are a set: an address is taken by itself, and by one for every address. */
function createMachine(change: Partial<ListenersOptions> & { readonly state?: StateStore } = {}) {
  const { state = createMemoryState(), ...options } = change;
  const taken = new Set<string>();
  const happened: string[] = [];
  const isBusy = ({ host, port }: Address): boolean =>
    [...taken].some(
      (one) => one.endsWith(`:${port}`) && (one === `${host}:${port}` || one.startsWith(EVERY_ADDRESS) || host === EVERY_ADDRESS),
    );
  const open =
    (name: ListenerName) =>
    async (address: Address): Promise<OpenListener> => {
      const key = `${address.host}:${address.port}`;
      if (isBusy(address)) throw new RefusalError({ code: "PORT_BUSY", message: `${key} is in use` });
      taken.add(key);
      happened.push(`${name} opens ${key}`);
      return {
        url: `tcp://${key}`,
        connections: () => 2,
        async close() {
          taken.delete(key);
          happened.push(`${name} closes ${key}`);
        },
      };
    };
  const listeners = createListeners({
    saved: openSavedAddresses(state),
    configured: CONFIGURED,
    open: { ingress: open("ingress"), https: open("https"), mqtt: open("mqtt"), mqtts: open("mqtts"), inspector: open("inspector") },
    hasKeys: () => true,
    allowAnonymous: false,
    createLoginLink: () => "tcp://login",
    onChanged: () => void happened.push("changed"),
    logger: silentLogger,
    ...options,
  });
  const info = (name: ListenerName) => listeners.list().find((one) => one.name === name)!;
  return { listeners, taken, happened, info, state };
}

async function startMachine(change: Parameters<typeof createMachine>[0] = {}) {
  const machine = createMachine(change);
  await machine.listeners.start();
  machine.happened.length = 0;
  return machine;
}

test("each listener is told with what is asked for, and whether it listens", async () => {
  const { listeners } = await startMachine();
  assert.deepEqual(
    listeners.list().map(({ name, state, address, configured, changed, url, tls, connections }) => {
      return [name, state, address, configured, changed, url, tls, connections];
    }),
    [
      ["ingress", "listening", "127.0.0.1:4800", "127.0.0.1:4800", false, "tcp://127.0.0.1:4800", false, 2],
      ["https", "off", null, null, false, null, true, 0],
      ["mqtt", "listening", "127.0.0.1:1883", "127.0.0.1:1883", false, "tcp://127.0.0.1:1883", false, 2],
      ["mqtts", "off", null, null, false, null, true, 0],
      ["inspector", "listening", "127.0.0.1:4801", "127.0.0.1:4801", false, "tcp://127.0.0.1:4801", false, 2],
    ],
  );
  assert.deepEqual(
    listeners.status().map(({ name }) => name),
    ["ingress", "mqtt", "inspector"],
  );
});

test("a listener is opened at its new address before it is closed at the old, and so again after a restart", async () => {
  const { listeners, happened, info, state } = await startMachine();
  const moved = await listeners.save("mqtt", "127.0.0.1:1884");
  assert.ok(moved.ok);
  assert.deepEqual([moved.value.address, moved.value.changed, moved.value.login], ["127.0.0.1:1884", true, null]);
  assert.deepEqual(happened, ["mqtt opens 127.0.0.1:1884", "mqtt closes 127.0.0.1:1883", "changed"]);
  assert.ok((await listeners.save("mqtts", ":8883")).ok);

  const later = await startMachine({ state });
  assert.equal(later.info("mqtt").url, "tcp://127.0.0.1:1884");
  assert.equal(later.info("mqtts").url, "tcp://127.0.0.1:8883");
  assert.ok((await later.listeners.reset("mqtt")).ok);
  assert.ok((await later.listeners.reset("mqtts")).ok);
  assert.deepEqual([later.info("mqtt").address, later.info("mqtt").changed, later.info("mqtts").state], ["127.0.0.1:1883", false, "off"]);
  assert.equal((await startMachine({ state })).info("mqtt").url, "tcp://127.0.0.1:1883");
  assert.equal(info("mqtt").connections, 2);
});

test("a port that is in use is refused and leaves everything as it was", async () => {
  const { listeners, happened, taken, info, state } = await startMachine();
  taken.add("127.0.0.1:5000");
  const refused = await listeners.save("ingress", "127.0.0.1:5000");
  assert.equal(refused.ok ? "" : refused.refusal.code, "PORT_BUSY");
  assert.deepEqual(happened, []);
  assert.deepEqual([info("ingress").url, info("ingress").changed], ["tcp://127.0.0.1:4800", false]);
  assert.deepEqual([...state.all("")], [], "nor is it tried at the next start");
});

test("an address that holds the old one is opened in its place; where that fails the old one is taken again", async () => {
  const { listeners, happened, taken, info } = await startMachine();
  assert.ok((await listeners.save("mqtt", "0.0.0.0:1883")).ok);
  assert.deepEqual(happened, ["mqtt closes 127.0.0.1:1883", "mqtt opens 0.0.0.0:1883", "changed"]);
  happened.length = 0;
  taken.add("192.168.1.5:4800");
  const refused = await listeners.save("ingress", "0.0.0.0:4800");
  assert.equal(refused.ok, false);
  assert.deepEqual(happened, ["ingress closes 127.0.0.1:4800", "ingress opens 127.0.0.1:4800"]);
  assert.deepEqual([info("ingress").state, info("ingress").url], ["listening", "tcp://127.0.0.1:4800"]);
});

test("a listener is switched off and on; the inspector is not switched off from within", async () => {
  const { listeners, happened, info } = await startMachine();
  assert.ok((await listeners.save("ingress", "off")).ok);
  assert.deepEqual([info("ingress").state, info("ingress").address, info("ingress").changed], ["off", null, true]);
  assert.ok((await listeners.save("ingress", "4800")).ok);
  assert.deepEqual(happened, ["ingress closes 127.0.0.1:4800", "changed", "ingress opens 127.0.0.1:4800", "changed"]);
  const refused = await listeners.save("inspector", null);
  assert.equal(refused.ok ? "" : refused.refusal.code, "LISTEN_REFUSED");
  assert.equal(info("inspector").state, "listening");
});

test("who moves the inspector is given a login for its new address", async () => {
  const { listeners, happened } = await startMachine();
  const moved = await listeners.save("inspector", "127.0.0.1:4900");
  assert.equal(moved.ok && moved.value.login, "tcp://login");
  assert.deepEqual(happened, ["inspector opens 127.0.0.1:4900", "inspector closes 127.0.0.1:4801", "changed"]);
  const same = await listeners.save("inspector", "127.0.0.1:4900");
  assert.equal(same.ok && same.value.login, null);
});

test("beyond this machine nothing listens without a key, unless that is allowed; the inspector has its token", async () => {
  let hasKeys = false;
  const { listeners } = await startMachine({ hasKeys: () => hasKeys });
  for (const name of ["ingress", "https", "mqtt", "mqtts"] as const) {
    const refused = await listeners.save(name, "0.0.0.0:7000");
    assert.equal(refused.ok ? "" : refused.refusal.code, "LISTEN_REFUSED", name);
  }
  assert.ok((await listeners.save("inspector", "0.0.0.0:7001")).ok);
  hasKeys = true;
  assert.ok((await listeners.save("ingress", "0.0.0.0:7000")).ok);
  const open = await startMachine({ hasKeys: () => false, allowAnonymous: true });
  assert.ok((await open.listeners.save("mqtt", "0.0.0.0:7000")).ok);
});

test("what is no address is refused with what is expected", async () => {
  const { listeners } = await startMachine();
  for (const text of ["", "localhost", "1.2.3.4:99999", "http://127.0.0.1:80"]) {
    const refused = await listeners.save("ingress", text);
    assert.equal(refused.ok ? "" : refused.refusal.code, "PARAMS_INVALID", text);
  }
});

test("an address set at run time that cannot be had at the next start fails by itself, and the inspector falls back", async () => {
  const { listeners, state } = await startMachine();
  for (const [name, address] of [
    ["ingress", "127.0.0.1:5000"],
    ["inspector", "127.0.0.1:5001"],
  ] as const)
    assert.ok((await listeners.save(name, address)).ok);

  const later = createMachine({ state });
  later.taken.add("127.0.0.1:5000").add("127.0.0.1:5001");
  await later.listeners.start();
  assert.deepEqual([later.info("ingress").state, later.info("ingress").reason], ["failed", "127.0.0.1:5000 is in use"]);
  assert.deepEqual([later.info("inspector").url, later.info("inspector").reason], ["tcp://127.0.0.1:4801", "127.0.0.1:5001 is in use"]);
  later.taken.delete("127.0.0.1:5000");
  assert.ok((await later.listeners.save("ingress", "127.0.0.1:5000")).ok, "the same address again is another try");
  assert.equal(later.info("ingress").state, "listening");
});

test("a configured address that cannot be had fails the start", async () => {
  const machine = createMachine();
  machine.taken.add("127.0.0.1:4800");
  await assert.rejects(machine.listeners.start(), (error) => error instanceof RefusalError && error.code === "PORT_BUSY");
});

test("what cannot be kept over a restart is not done", async () => {
  const memory = createMemoryState();
  const full = { code: "STORE_FULL", message: "The disk is full." } as const;
  const { listeners, happened, info } = await startMachine({ state: { ...memory, flush: (done) => done(full) } });
  assert.deepEqual(await listeners.save("mqtt", "127.0.0.1:1884"), { ok: false, refusal: full });
  assert.deepEqual(happened, []);
  assert.equal(info("mqtt").changed, false);
});

test("changes are made one after the other, and none once the hub stops", async () => {
  const { listeners, taken, info } = await startMachine();
  const [first, second] = await Promise.all([listeners.save("mqtt", "127.0.0.1:1884"), listeners.save("mqtt", "127.0.0.1:1885")]);
  assert.ok(first.ok && second.ok);
  assert.equal(info("mqtt").url, "tcp://127.0.0.1:1885");
  const stopped = listeners.stop();
  const late = await listeners.save("mqtt", "127.0.0.1:1886");
  assert.equal(late.ok ? "" : late.refusal.code, "HUB_STOPPING");
  await stopped;
  assert.deepEqual([...taken], []);
});
