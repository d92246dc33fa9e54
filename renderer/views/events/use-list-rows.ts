import { useMemo, useState } from "react";
import { parseFilter } from "../../../main/contract/filter.ts";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { passesSessionEvent } from "../../format/session-words.ts";
import type { EventFeedView } from "../../state/event-feed.ts";
import { interleave, type Rows } from "../../state/interleave.ts";
import { createStored } from "../../state/stored.ts";

/** Who connects and leaves stands between the events. */
export const showsSessions = createStored("session-rows", true, (value) => (typeof value === "boolean" ? value : null));

/** The list's rows: the slice's events, and what became of sessions between them. */
export function useListRows({ slice, mode }: EventFeedView): Rows {
  const { hub, router, sessionEvents } = useApp();
  const { filter } = useReadable(router.route);
  const all = useReadable(sessionEvents.all);
  const shown = useReadable(showsSessions);
  const isLive = mode === "live";

  // A list that stands still stands still for these as well.
  const [heldAt, setHeldAt] = useState<number | null>(null);
  if (isLive && heldAt !== null) setHeldAt(null);
  if (!isLive && heldAt === null) setHeldAt(all.at(-1)?.number ?? Number.POSITIVE_INFINITY);

  const sessions = useMemo(() => {
    if (!shown || all.length === 0) return [];
    const parsed = parseFilter(filter, hub.now());
    if (!parsed.ok) return [];
    return all.filter((one) => (heldAt === null || one.number <= heldAt) && passesSessionEvent(parsed.value, one));
  }, [shown, all, filter, heldAt, hub]);
  return useMemo(
    () => interleave(slice.events, sessions, { atOldest: slice.atOldest, newestSeq: isLive ? Number.POSITIVE_INFINITY : slice.newestSeq }),
    [slice, sessions, isLive],
  );
}
