import { useEffect, useState, type RefObject } from "react";

/** A browser lays out no element higher than about 33 million pixels: above this the scroll bar is scaled. */
const MAX_HEIGHT = 15_000_000;
const OVERSCAN = 6;

/** Which rows of a long list are in sight, and where they stand. */
export interface RowWindow {
  readonly first: number;
  /** One past the last. */
  readonly end: number;
  /** Height of the whole list as the scroll bar sees it. */
  readonly height: number;
  readonly topOf: (row: number) => number;
  readonly scrollToRow: (row: number, align?: "nearest" | "center") => void;
}

/** Follows the scrolling of an element that shows `count` rows of `rowHeight` below a fixed head of `headHeight` pixels. */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number, rowHeight: number, headHeight = 0): RowWindow {
  const [view, setView] = useState({ top: 0, height: 600 });
  const total = count * rowHeight;
  const height = Math.min(total, MAX_HEIGHT);
  const room = Math.max(0, view.height - headHeight);
  const ratio = total <= MAX_HEIGHT ? 1 : (total - room) / (MAX_HEIGHT - room);
  const scaled = ratio !== 1;

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = (): void => {
      // Between two rows nothing changes but the browser's own scrolling.
      const top = scaled ? element.scrollTop : Math.floor(element.scrollTop / rowHeight) * rowHeight;
      setView((before) => (before.top === top && before.height === element.clientHeight ? before : { top, height: element.clientHeight }));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    measure();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [scroller, rowHeight, scaled]);

  const top = view.top * ratio;
  const first = Math.max(0, Math.min(count - 1, Math.floor(top / rowHeight)) - OVERSCAN);
  return {
    first,
    end: Math.min(count, Math.ceil((top + room) / rowHeight) + OVERSCAN),
    height,
    topOf: (row) => (scaled ? row * rowHeight - top + view.top : row * rowHeight),
    scrollToRow: (row, align = "nearest") => {
      const element = scroller.current;
      if (!element) return;
      const visible = element.clientHeight - headHeight;
      const at = row * rowHeight;
      const now = element.scrollTop * ratio;
      if (align === "nearest" && at >= now && at + rowHeight <= now + visible) return;
      const wanted = align === "center" ? at - visible / 2 : at < now ? at : at + rowHeight - visible;
      element.scrollTo({ top: Math.max(0, wanted) / ratio });
    },
  };
}
