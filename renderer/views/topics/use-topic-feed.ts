import { useEffect, useState } from "react";
import { useApp } from "../../components/app-context.tsx";
import { createEventFeed, type EventFeed } from "../../state/event-feed.ts";

/** The events that pass a filter, live, for as long as the component is shown; null before there is a filter. */
export function useTopicFeed(filter: string | null): EventFeed | null {
  const { connection } = useApp();
  const [feed, setFeed] = useState<EventFeed | null>(null);
  useEffect(() => {
    if (filter === null) return;
    const made = createEventFeed(connection, filter);
    // It lives exactly as long as this effect: nothing else could have made it.
    // oxlint-disable-next-line react/set-state-in-effect
    setFeed(made);
    return () => made.stop();
  }, [connection, filter]);
  return feed;
}
