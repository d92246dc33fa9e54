import type { OpenFeed } from "../../main/contract/inspector.ts";
import type { Refusal } from "../../main/contract/errors.ts";
import type { Connection } from "../link/connection.ts";
import { createCell, type Readable } from "./cell.ts";
import { applyChanges, dropGone, markAllGone, sampleRates, type DeviceMap } from "./device-list.ts";

export interface DevicesView {
  readonly devices: DeviceMap;
  /** How many sessions the hub has; more than are here while the first are on their way. */
  readonly total: number;
  readonly status: "loading" | "ready" | "failed";
  readonly error: Refusal | null;
  /** Grows once a second, when the rates have been taken. */
  readonly second: number;
}

/** Who is connected, followed for as long as somebody looks. */
export interface DevicesStore {
  readonly view: Readable<DevicesView>;
  /** Answers how to stop; what has been gathered stays for a while. */
  start(): () => void;
  /** The line, by its key, that stays although its session is gone. */
  hold(key: string | null): void;
}

const SECOND_MS = 1000;

export function createDevices(connection: Connection, now: () => number = Date.now): DevicesStore {
  const view = createCell<DevicesView>({ devices: new Map(), total: 0, status: "loading", error: null, second: 0 });
  let lookers = 0;
  let held: string | null = null;
  let feed: OpenFeed | null = null;
  let timer: ReturnType<typeof setInterval> | undefined;
  /** By the hub's run: its session ids begin anew with it. */
  let toldAll = false;

  const change = (next: Partial<DevicesView>): void => view.set({ ...view.get(), ...next });
  const open = (): void => {
    feed?.close();
    feed = null;
    const state = connection.state.get();
    if (lookers === 0 || state.state !== "open") return;
    toldAll = false;
    feed = state.client.open(
      "sessions",
      {},
      {
        onItems: (items) => {
          // Another run of the hub numbers its sessions anew: those from before can only be told by who they are.
          let { devices } = view.get();
          if (!toldAll) devices = markAllGone(devices, now());
          for (const changes of items) devices = applyChanges(devices, changes, now());
          toldAll = true;
          change({ devices, total: items.at(-1)!.total, status: "ready", error: null });
        },
        onGap: () => {},
        onEnd: (error) => {
          if (error) change({ status: view.get().devices.size > 0 ? "ready" : "failed", error });
        },
      },
    );
  };
  const tick = (): void => {
    const { devices, second } = view.get();
    sampleRates(devices);
    change({ devices: dropGone(devices, now(), held), second: second + 1 });
  };
  connection.state.subscribe(open);

  return {
    view,
    start() {
      lookers += 1;
      if (lookers === 1) {
        open();
        timer = setInterval(tick, SECOND_MS);
      }
      let stopped = false;
      return () => {
        if (stopped) return;
        stopped = true;
        lookers -= 1;
        if (lookers > 0) return;
        clearInterval(timer);
        feed?.close();
        feed = null;
      };
    },
    hold: (key) => void (held = key),
  };
}
