import type { HubStatus } from "../../main/contract/status.ts";
import type { Connection } from "../link/connection.ts";
import { createCell, type Readable } from "./cell.ts";

export interface HubStatusStore {
  /** The last the hub said of itself; null before it has. */
  readonly status: Readable<HubStatus | null>;
  /** The hub's clock, which may not be this machine's. */
  readonly now: () => number;
}

export function createHubStatus(connection: Connection): HubStatusStore {
  const status = createCell<HubStatus | null>(null);
  let ahead = 0;
  connection.state.subscribe(() => {
    const state = connection.state.get();
    if (state.state !== "open") return;
    state.client.open(
      "status",
      {},
      {
        onItems: (items) => {
          const last = items.at(-1);
          if (!last) return;
          const offset = last.now - Date.now();
          // Smaller differences are the way here, not the clock.
          ahead = Math.abs(offset) > 2000 ? offset : 0;
          status.set(last);
        },
        onGap: () => {},
        onEnd: () => {},
      },
    );
  });
  return { status, now: () => Date.now() + ahead };
}

/** Where webhooks are sent to; null while unknown or switched off. */
export function ingressUrl(status: HubStatus | null): string | null {
  return status?.listeners.find((one) => one.name === "ingress")?.url.replace(/\/$/, "") ?? null;
}
