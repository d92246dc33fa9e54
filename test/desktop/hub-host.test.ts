import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import type { HubProcessState } from "../../main/contract/desktop.ts";
import type { Refusal } from "../../main/contract/errors.ts";
import { createHubHost, type HubHost, type HubHostOptions } from "../../main/electron/hub-host.ts";
import type { FromHubProcess, ToHubProcess } from "../../main/hub-process-messages.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";

/** A hub process that does what the test says, and what it was told. */
class FakeProcess extends EventEmitter {
  readonly received: ToHubProcess[] = [];
  isAlive = true;
  postMessage(message: ToHubProcess): void {
    this.received.push(message);
    if (message.type === "stop") this.emit("exit", 0);
    if (message.type === "ping" && this.isAlive) this.say({ type: "pong" });
  }
  kill = (): boolean => this.emit("exit", 15);
  say(message: FromHubProcess): void {
    this.emit("message", message);
  }
}

interface Fixture {
  readonly host: HubHost;
  readonly clock: FakeClock;
  readonly started: FakeProcess[];
  readonly states: HubProcessState[];
  readonly refusals: Refusal[];
}

const READY: FromHubProcess = { type: "ready", version: "1.0.0", dataFolder: "/data", listeners: [] };

function start(answer: readonly string[] | null = null): Fixture {
  const clock = createFakeClock();
  const started: FakeProcess[] = [];
  const states: HubProcessState[] = [];
  const refusals: Refusal[] = [];
  const options = {
    clock,
    fork() {
      started.push(new FakeProcess());
      return started.at(-1)!;
    },
    createChannel: () => ({ port1: "the hub's end", port2: "the window's end" }),
    async onRefused(refusal: Refusal) {
      refusals.push(refusal);
      return answer;
    },
  };
  const host = createHubHost(options as unknown as HubHostOptions);
  host.onState((state) => states.push(state));
  host.start();
  return { host, clock, started, states, refusals };
}

/** What happens after an answer that was already there. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("the hub's process is told to start, and running once it says so", () => {
  const { host, started, states } = start();
  assert.deepEqual(started[0]?.received, [{ type: "start", flags: [] }]);
  started[0].say(READY);
  assert.deepEqual(states, [{ state: "starting" }, { state: "running" }]);
  assert.equal(host.info()?.dataFolder, "/data");
});

test("a running hub whose listener has moved is known by its new address", () => {
  const { host, started } = start();
  const listeners = (url: string) => [{ name: "ingress", url, setting: "ingress" }] as const;
  started[0]!.say({ ...READY, listeners: listeners("http://127.0.0.1:4800") });
  started[0]!.say({ ...READY, listeners: listeners("http://127.0.0.1:4900") });
  assert.deepEqual(host.state(), { state: "running" });
  assert.equal(host.info()?.listeners[0]?.url, "http://127.0.0.1:4900");
});

test("a hub process that ends by itself is started again, later each time, and the reason is told", () => {
  const { clock, started, states } = start();
  const pauses = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
  for (const [index, pause] of pauses.entries()) {
    started.at(-1)!.emit("exit", 9);
    const state = states.at(-1)!;
    assert.ok(state.state === "stopped");
    assert.match(state.reason, /ended unexpectedly \(code 9\)/);
    assert.equal(state.restartInMs, pause);
    clock.advance(pause - 1);
    assert.equal(started.length, index + 1);
    clock.advance(1);
    assert.equal(started.length, index + 2);
  }
});

test("a hub that had run well for a minute is started again without the pauses of before", () => {
  const { clock, started, states } = start();
  started[0]!.emit("exit", 1);
  clock.advance(500);
  started[1]!.say(READY);
  clock.advance(60_000);
  started[1]!.emit("exit", 1);
  assert.equal((states.at(-1) as { restartInMs: number }).restartInMs, 500);
});

test("a hub that answers no ping for twenty seconds is ended and started again, and the reason is told", () => {
  const { clock, started, states } = start();
  started[0]!.say(READY);
  const pings = (): number => started[0]!.received.filter(({ type }) => type === "ping").length;
  assert.equal(pings(), 1);
  clock.advance(50_000);
  assert.deepEqual([pings(), started.length], [11, 1]);
  started[0]!.isAlive = false;
  clock.advance(24_999);
  assert.equal(states.at(-1)?.state, "running");
  clock.advance(1);
  const state = states.at(-1)!;
  assert.ok(state.state === "stopped");
  assert.match(state.reason, /did not answer for 20 s and was ended/);
  assert.equal(started.length, 1);
  clock.advance(500);
  assert.equal(started.length, 2);
});

test("a hub that is starting is not asked whether it is alive, and one that has ended no more", () => {
  const { clock, started } = start();
  clock.advance(60_000);
  assert.deepEqual(
    started[0]!.received.map(({ type }) => type),
    ["start"],
  );
  started[0]!.say(READY);
  started[0]!.emit("exit", 9);
  clock.advance(100);
  assert.equal(clock.pending(), 1, "only the restart waits");
});

test("a refusal that trying again cannot mend stops the restarts, with its own words as the reason", async () => {
  const { clock, started, states, refusals } = start();
  const refusal: Refusal = { code: "STORE_NEWER", message: "The log was written by a newer Signalbox." };
  started[0]!.say({ type: "failed", refusal });
  started[0]!.emit("exit", 1);
  await settled();
  clock.advance(120_000);
  assert.equal(started.length, 1);
  assert.deepEqual(refusals, [refusal]);
  assert.deepEqual(states.at(-1), { state: "stopped", reason: refusal.message, restartInMs: null });
});

test("a refusal that may pass is tried again", async () => {
  const { clock, started } = start();
  started[0]!.say({ type: "failed", refusal: { code: "STORE_LOCKED", message: "Another hub is using this data folder." } });
  started[0]!.emit("exit", 1);
  await settled();
  clock.advance(500);
  assert.equal(started.length, 2);
});

test("flags chosen after a busy port are used at once and at every later start", async () => {
  const { clock, started } = start(["--ingress", "127.0.0.1:4802"]);
  started[0]!.say({ type: "failed", refusal: { code: "PORT_BUSY", message: "Port 4800 is in use." } });
  started[0]!.emit("exit", 1);
  await settled();
  started[1]!.say(READY);
  started[1]!.emit("exit", 9);
  clock.advance(500);
  const expected = { type: "start", flags: ["--ingress", "127.0.0.1:4802"] };
  assert.deepEqual([started[1]?.received[0], started[2]?.received[0]], [expected, expected]);
});

test("a window that asks for a port while the hub is down gets one when it lives again, and only its newest wish counts", () => {
  const { host, clock, started } = start();
  started[0]!.emit("exit", 9);
  const given: unknown[] = [];
  host.connect(1, (port) => given.push(["old", port]));
  host.connect(1, (port) => given.push(["new", port]));
  assert.deepEqual(given, []);
  clock.advance(500);
  assert.deepEqual(given, [["new", "the window's end"]]);
  assert.deepEqual(
    started[1]?.received.map(({ type }) => type),
    ["start", "connect"],
  );
});

test("a login link that the hub did not live to give is null", async () => {
  const { host, started } = start();
  assert.equal(await host.createLoginLink(), null);
  started[0]!.say(READY);
  const [first, second] = [host.createLoginLink(), host.createLoginLink()];
  started[0]!.say({ type: "login-link", id: 1, url: "http://127.0.0.1:4801/#login=x" });
  started[0]!.emit("exit", 9);
  assert.deepEqual(await Promise.all([first, second]), ["http://127.0.0.1:4801/#login=x", null]);
});

test("stopping asks the hub to end and starts nothing after it", async () => {
  const { host, clock, started } = start();
  started[0]!.say(READY);
  await host.stop();
  clock.advance(120_000);
  host.start();
  assert.equal(started.length, 1);
  assert.deepEqual(started[0]!.received.at(-1), { type: "stop" });
  assert.equal(clock.pending(), 0);
});

test("a hub that does not end when asked is ended", async () => {
  const { host, clock, started } = start();
  started[0]!.postMessage = () => {};
  const stopped = host.stop();
  clock.advance(5000);
  await stopped;
  assert.equal(started.length, 1);
});

test("restarting by hand ends the hub and starts it with no pause", async () => {
  const { host, started, states } = start();
  started[0]!.say(READY);
  await host.restart();
  assert.equal(started.length, 2);
  assert.deepEqual(states.at(-1), { state: "starting" });
});
