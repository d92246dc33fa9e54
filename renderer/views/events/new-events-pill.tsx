import { ArrowUp } from "lucide-react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { plural } from "../../format/quantity.ts";

/** How many events came while the list stood still; pressed, it shows them. */
export function NewEventsPill() {
  const { feed } = useApp();
  const { newCount, newCountAtLeast, mode } = useReadable(feed.view);
  if (newCount === 0 || mode === "live") return null;
  return (
    <Button className="pill" onPress={feed.goLive}>
      <ArrowUp size={13} aria-hidden="true" />
      {newCountAtLeast ? "More than " : ""}
      {plural(newCount, "new event")}
    </Button>
  );
}
