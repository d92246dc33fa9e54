import { useEffect, useState } from "react";
import type { Refusal } from "../../../main/contract/errors.ts";
import type { EventDetail } from "../../../main/contract/event.ts";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { toRefusal } from "../../link/connection.ts";

interface DetailState {
  /** The event asked for, or still the one before it while the new one is on its way: the pane does not flicker. */
  readonly event: EventDetail | null;
  readonly refusal: Refusal | null;
}

/** Everything the hub knows of an event, but its body. Asked again when the connection comes back. */
export function useEventDetail(id: string): DetailState {
  const { connection } = useApp();
  const { state } = useReadable(connection.state);
  const [shown, setShown] = useState<DetailState>({ event: null, refusal: null });
  const isOpen = state === "open";
  useEffect(() => {
    if (!isOpen) return;
    let gone = false;
    const load = async (): Promise<void> => {
      try {
        const event = await connection.call("events.get", { id });
        if (gone) return;
        setShown({ event, refusal: null });
      } catch (error) {
        const refusal = toRefusal(error);
        if (!gone && refusal.code !== "HUB_UNREACHABLE") setShown({ event: null, refusal });
      }
    };
    void load();
    return () => {
      gone = true;
    };
  }, [connection, id, isOpen]);
  return shown;
}
