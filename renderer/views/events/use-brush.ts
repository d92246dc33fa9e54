import { useState, type KeyboardEvent, type PointerEvent } from "react";

export interface Span {
  readonly first: number;
  readonly last: number;
}

export interface Brush {
  /** What is pointed at or chosen, in buckets, both inclusive. */
  readonly span: Span | null;
  readonly dragging: boolean;
  readonly handlers: {
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    readonly onPointerUp: () => void;
    readonly onPointerCancel: () => void;
    readonly onPointerLeave: () => void;
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onBlur: () => void;
  };
}

/** Choosing a run of buckets by dragging, or with arrows (Shift widens), Enter and Escape. */
export function useBrush(count: number, onChoose: (first: number, last: number) => void): Brush {
  const [ends, setEnds] = useState<readonly [anchor: number, head: number] | null>(null);
  const [dragging, setDragging] = useState(false);
  const span = ends && { first: Math.min(...ends), last: Math.max(...ends) };
  const bucketAt = (event: PointerEvent<HTMLElement>): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return bounded(Math.floor(((event.clientX - box.left) / box.width) * count), count);
  };
  const reset = (): void => {
    setEnds(null);
    setDragging(false);
  };
  return {
    span,
    dragging,
    handlers: {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        const at = bucketAt(event);
        setEnds([at, at]);
        setDragging(true);
      },
      onPointerMove: (event) => {
        const at = bucketAt(event);
        setEnds(dragging && ends ? [ends[0], at] : [at, at]);
      },
      onPointerUp: () => {
        if (dragging && span && span.last > span.first) onChoose(span.first, span.last);
        reset();
      },
      onPointerCancel: reset,
      onPointerLeave: () => {
        if (!dragging) reset();
      },
      onBlur: reset,
      onKeyDown: (event) => {
        const steps: Readonly<Record<string, number>> = {
          ArrowLeft: -1,
          ArrowRight: 1,
          PageUp: -10,
          PageDown: 10,
          Home: -count,
          End: count,
        };
        const step = steps[event.key];
        if (step !== undefined) {
          const head = bounded((ends?.[1] ?? count) + step, count);
          setEnds(event.shiftKey && ends ? [ends[0], head] : [head, head]);
        } else if (event.key === "Enter" && span) {
          onChoose(span.first, span.last);
          reset();
        } else if (event.key === "Escape" && span) reset();
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
    },
  };
}

function bounded(at: number, count: number): number {
  return Math.max(0, Math.min(count - 1, at));
}
