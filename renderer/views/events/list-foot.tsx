import { Button } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { toCount } from "../../format/quantity.ts";

/** What lies below the last row: more, being fetched, or the beginning of the log. */
export function ListFoot() {
  const { feed, router } = useApp();
  const { slice, loadingOlder, error } = useReadable(feed.view);
  const { filter } = useReadable(router.route);
  if (error)
    return (
      <p className="list__foot">
        {error.message}
        <Button className="button button--quiet" onPress={feed.retry}>
          Try again
        </Button>
      </p>
    );
  if (slice.atOldest) return <p className="list__foot">{filter === "" ? "This is where the log begins." : "Nothing older matches."}</p>;
  return <p className="list__foot">{loadingOlder ? `Looking further back, before #${toCount(slice.olderCursor)}…` : " "}</p>;
}
