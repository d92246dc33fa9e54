import { useEffect, useState } from "react";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { createStored } from "../../state/stored.ts";

const done = createStored("welcomed", false, (value) => (typeof value === "boolean" ? value : null));

/** The welcome is shown while the log has never held an event, until it ends with one; then only when asked for. */
export function useFirstSteps(): { readonly shown: boolean; readonly finish: () => void } {
  const { hub, router } = useApp();
  const status = useReadable(hub.status);
  const route = useReadable(router.route);
  const wasDone = useReadable(done);
  const [asked, setAsked] = useState(false);
  const [begun, setBegun] = useState(false);
  const empty = status !== null && status.log.lastSeq === 0;
  const filled = status !== null && status.log.lastSeq > 0;
  if (empty && !begun && !wasDone && route.item === null && route.filter === "") setBegun(true);
  useEffect(() => {
    // A hub with events needs no introduction in another browser.
    if (filled && !begun) done.set(true);
  }, [filled, begun]);
  useCommands({ welcome: () => setAsked(true) });
  return {
    shown: asked || (begun && !wasDone),
    finish: () => {
      done.set(true);
      setAsked(false);
    },
  };
}
