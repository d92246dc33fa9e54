import type { MessageChannelMain, MessagePortMain, UtilityProcess } from "electron";
import type { HubProcessState } from "../contract/desktop.ts";
import { ERRORS, type Refusal } from "../contract/errors.ts";
import type { FromHubProcess, ToHubProcess } from "../hub-process-messages.ts";
import type { Clock } from "../platform/clock.ts";
import { restartDelayMs, STEADY_MS } from "./restart-delay.ts";

export type HubInfo = FromHubProcess & { readonly type: "ready" };
type GivePort = (port: MessagePortMain) => void;

export interface HubHostOptions {
  /** Starts the hub's process; Electron's own `utilityProcess.fork` but for tests. */
  readonly fork: () => UtilityProcess;
  readonly createChannel: () => MessageChannelMain;
  readonly clock: Clock;
  /** The hub refused to start: flags to try again with, or null to leave it. May take as long as a person thinks. */
  readonly onRefused: (refusal: Refusal) => Promise<readonly string[] | null>;
}

/** Keeps one hub process alive and links windows to it directly; its events never pass through here. */
export interface HubHost {
  state(): HubProcessState;
  /** What the running hub said of itself. */
  info(): HubInfo | null;
  onState(listener: (state: HubProcessState) => void): () => void;
  start(): void;
  /** Gives a port whose other end the hub has, at once or as soon as it lives; of one owner's wishes only the newest. */
  connect(owner: number, give: GivePort): void;
  restart(): Promise<void>;
  /** A URL that logs a browser in once; null when the hub has no inspector listener or does not run. */
  createLoginLink(): Promise<string | null>;
  stop(): Promise<void>;
}

const STOP_MS = 5000;
/** A running hub is asked whether it is alive; one that has not answered so many times in a row hangs. */
const PING_MS = 5000;
const MAX_MISSED_PINGS = 4;

export function createHubHost({ fork, createChannel, clock, onRefused }: HubHostOptions): HubHost {
  const listeners = new Set<(state: HubProcessState) => void>();
  const wishes = new Map<number, GivePort>();
  const linkWaiters = new Map<number, (url: string | null) => void>();
  let state: HubProcessState = { state: "starting" };
  let info: HubInfo | null = null;
  let child: UtilityProcess | null = null;
  let flags: readonly string[] = [];
  let failures = 0;
  let nextLinkId = 1;
  let cancelRestart = (): void => {};
  let cancelPing = (): void => {};
  /** The child's end is our own wish. */
  let ending = false;
  let closed = false;

  const say = (next: HubProcessState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const send = (message: ToHubProcess, ports: MessagePortMain[] = []): void => child?.postMessage(message, ports);

  function start(): void {
    if (child || closed) return;
    cancelRestart();
    ending = false;
    say({ state: "starting" });
    const startedAt = clock.monotonic();
    const own = fork();
    let refusal: Refusal | null = null;
    let missed = 0;
    let hangs = false;
    child = own;
    // By count and not by the clock alone: a computer that wakes up finds every time long past.
    const ping = (): void => {
      hangs = missed >= MAX_MISSED_PINGS;
      if (hangs) return kill(own);
      missed += 1;
      send({ type: "ping" });
      cancelPing = clock.after(PING_MS, ping);
    };
    own.on("message", (message: FromHubProcess) => {
      if (message.type === "ready") {
        info = message;
        say({ state: "running" });
        ping();
      } else if (message.type === "pong") missed = 0;
      else if (message.type === "failed") refusal = message.refusal;
      else if (message.type === "login-link") takeWaiter(message.id)?.(message.url);
    });
    own.once("exit", (code) => {
      child = null;
      info = null;
      cancelPing();
      for (const id of linkWaiters.keys()) takeWaiter(id)?.(null);
      if (ending) return;
      if (clock.monotonic() - startedAt >= STEADY_MS) failures = 0;
      if (refusal) void handleRefusal(refusal);
      else if (hangs)
        restartLater(
          `The hub's process did not answer for ${(PING_MS * MAX_MISSED_PINGS) / 1000} s and was ended. Everything it had acknowledged is in its log.`,
        );
      else restartLater(`The hub's process ended unexpectedly (code ${code}). Everything it had acknowledged is in its log.`);
    });
    send({ type: "start", flags });
    for (const [owner, give] of wishes) link(owner, give);
  }

  function restartLater(reason: string): void {
    failures += 1;
    const restartInMs = restartDelayMs(failures);
    cancelRestart = clock.after(restartInMs, start);
    say({ state: "stopped", reason, restartInMs });
  }

  async function handleRefusal(refusal: Refusal): Promise<void> {
    say({ state: "stopped", reason: refusal.message, restartInMs: null });
    const answer = await onRefused(refusal);
    if (child || closed) return;
    if (answer) {
      flags = [...flags, ...answer];
      start();
    } else if (ERRORS[refusal.code].retryable && refusal.code !== "PORT_BUSY") restartLater(refusal.message);
  }

  function link(owner: number, give: GivePort): void {
    wishes.delete(owner);
    const { port1, port2 } = createChannel();
    send({ type: "connect" }, [port1]);
    give(port2);
  }

  function takeWaiter(id: number): ((url: string | null) => void) | undefined {
    const waiter = linkWaiters.get(id);
    linkWaiters.delete(id);
    return waiter;
  }

  /** Asks the hub to end, and ends it when it does not. */
  async function end(): Promise<void> {
    cancelRestart();
    const own = child;
    if (!own) return;
    ending = true;
    const ended = new Promise<void>((resolve) => void own.once("exit", () => resolve()));
    send({ type: "stop" });
    const cancelKill = clock.after(STOP_MS, () => kill(own));
    await ended;
    cancelKill();
  }

  return {
    state: () => state,
    info: () => info,
    onState(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start,
    connect(owner, give) {
      if (child) link(owner, give);
      else wishes.set(owner, give);
    },
    async restart() {
      await end();
      failures = 0;
      start();
    },
    createLoginLink() {
      if (!child || !info) return Promise.resolve(null);
      const id = nextLinkId++;
      send({ type: "login-link", id });
      return new Promise((resolve) => linkWaiters.set(id, resolve));
    },
    async stop() {
      closed = true;
      await end();
    },
  };
}

/** At once: a process that hangs does not come to hear a signal that it could handle. */
function kill(child: UtilityProcess): void {
  if (child.pid === undefined) child.kill();
  else process.kill(child.pid, "SIGKILL");
}
