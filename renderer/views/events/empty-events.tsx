import { CircleAlert, Inbox, SearchX } from "lucide-react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { TryIt } from "../try-it.tsx";

/** Why the list is empty, and the one thing to do about it. */
export function EmptyEvents() {
  const { feed, router } = useApp();
  const { status, error } = useReadable(feed.view);
  const { filter } = useReadable(router.route);
  if (status === "failed")
    return (
      <div className="empty">
        <CircleAlert size={28} aria-hidden="true" />
        <h2>The events could not be read</h2>
        <p>{error?.message}</p>
        <Button className="button" onPress={feed.retry}>
          Try again
        </Button>
      </div>
    );
  if (filter !== "")
    return (
      <div className="empty">
        <SearchX size={28} aria-hidden="true" />
        <h2>No event matches</h2>
        <p>
          Nothing in the log passes <code>{filter}</code>. New events that do will appear here by themselves.
        </p>
        <Button className="button" onPress={() => router.go({ filter: "" })}>
          Clear the filter
        </Button>
      </div>
    );
  return (
    <div className="empty">
      <Inbox size={28} aria-hidden="true" />
      <h2>No events yet</h2>
      <p>Every webhook, message and publication that reaches this hub appears here the moment it is stored.</p>
      <TryIt />
    </div>
  );
}
