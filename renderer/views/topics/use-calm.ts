import { useEffect, useRef, useState } from "react";

/** A value that changes at most so often, for what costs something to show. The first one, and the last, are always shown. */
export function useCalm<T>(value: T, everyMs: number): T {
  const [shown, setShown] = useState(value);
  const changedAt = useRef(0);
  useEffect(() => {
    const wait = changedAt.current + everyMs - performance.now();
    const change = (): void => {
      changedAt.current = performance.now();
      setShown(value);
    };
    const timer = setTimeout(change, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [value, everyMs]);
  return shown;
}
