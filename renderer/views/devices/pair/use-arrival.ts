import { useEffect, useState } from "react";
import type { EventSummary } from "../../../../main/contract/event.ts";
import type { NewKeyInfo } from "../../../../main/contract/key.ts";
import { useApp, useReadable } from "../../../components/app-context.tsx";
import { toTerm } from "../../../format/filter-terms.ts";
import type { Device } from "../../../state/device-list.ts";

export interface Arrival {
  /** The device that is connected with the key now. */
  readonly device: Device | null;
  /** It was connected, and has left again. */
  readonly hasLeft: boolean;
  /** Its first event, where its topics are its own. */
  readonly event: EventSummary | null;
  /** Why somebody with this name was turned away lately. */
  readonly refused: string | null;
}

/** Waits for the device that has the key. */
export function useArrival({ name, publish, createdAt }: NewKeyInfo): Arrival {
  const { connection, devices, sessionEvents } = useApp();
  const view = useReadable(devices.view);
  const seen = useReadable(sessionEvents.all);
  const state = useReadable(connection.state);
  const client = state.state === "open" ? state.client : null;
  const [event, setEvent] = useState<EventSummary | null>(null);
  useEffect(() => devices.start(), [devices]);

  const own = publish[0]?.includes("%k") ? publish[0].replaceAll("%k", () => name) : null;
  useEffect(() => {
    if (!client || own === null) return;
    const feed = client.open(
      "events",
      { filter: toTerm("topic", own) },
      { onItems: ([first]) => setEvent((before) => before ?? first ?? null), onGap: () => {}, onEnd: () => {} },
    );
    return () => feed.close();
  }, [client, own]);

  const sessions = [...view.devices.values()].filter(({ info }) => info.key === name && info.connected);
  const device = sessions.find(({ goneAt }) => goneAt === null) ?? null;
  const came = seen.filter((one) => one.at >= createdAt);
  const refused = came.findLast((one) => one.kind === "refused" && one.name === name)?.reason ?? null;
  return { device, hasLeft: device === null && came.some((one) => one.key === name), event, refused };
}
