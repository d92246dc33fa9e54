import { useEffect, useState } from "react";
import type { SessionTraffic } from "../../../main/contract/session.ts";
import { useApp, useReadable } from "../../components/app-context.tsx";

/** One line of a device's traffic, or a place where some is missing. */
export type TrafficLine =
  | { readonly number: number; readonly kind: "event"; readonly traffic: SessionTraffic }
  | { readonly number: number; readonly kind: "gap" };

export interface Traffic {
  /** The newest first, at most MAX_LINES. */
  readonly lines: readonly TrafficLine[];
  /** How many came since it was paused. */
  readonly waiting: number;
  readonly status: "opening" | "live" | "ended";
}

const MAX_LINES = 1000;
/** The list is drawn anew at most so often: five times a second. */
const TELL_MS = 200;

/** What goes from and to a session from now on; while paused the list stands still and what comes waits. */
export function useSessionTraffic(id: string, paused: boolean): Traffic {
  const { connection } = useApp();
  const state = useReadable(connection.state);
  const client = state.state === "open" ? state.client : null;
  const [gathered, setGathered] = useState<{
    readonly lines: readonly TrafficLine[];
    readonly total: number;
    readonly status: Traffic["status"];
  }>({
    lines: [],
    total: 0,
    status: "opening",
  });
  const [stopped, setStopped] = useState<typeof gathered | null>(null);
  if (paused && stopped === null) setStopped(gathered);
  if (!paused && stopped !== null) setStopped(null);

  useEffect(() => {
    if (!client) return;
    let number = 0;
    let fresh: TrafficLine[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = (): void => {
      timer = undefined;
      const added = fresh;
      fresh = [];
      setGathered(({ lines, total, status }) => ({
        lines: [...added.toReversed(), ...lines].slice(0, MAX_LINES),
        total: total + added.length,
        status,
      }));
    };
    const add = (line: TrafficLine): void => {
      fresh.push(line);
      if (fresh.length > MAX_LINES) fresh.shift();
      timer ??= setTimeout(tell, TELL_MS);
    };
    const feed = client.open(
      "sessionTraffic",
      { id },
      {
        onOpened: () => setGathered((before) => ({ ...before, status: "live" })),
        onItems: (items) => {
          for (const traffic of items) add({ number: (number += 1), kind: "event", traffic });
        },
        onGap: () => add({ number: (number += 1), kind: "gap" }),
        onEnd: () => setGathered((before) => ({ ...before, status: "ended" })),
      },
    );
    return () => {
      feed.close();
      clearTimeout(timer);
    };
  }, [client, id]);

  const shown = stopped ?? gathered;
  return { lines: shown.lines, waiting: gathered.total - shown.total, status: gathered.status };
}
