import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from "react";
import { createStored } from "../state/stored.ts";

interface SplitPaneProps {
  readonly children: ReactNode;
  /** What stands at the right; null leaves all the room to the rest. */
  readonly side: ReactNode | null;
  readonly sideLabel: string;
}

const MIN_PART = 0.25;
const MAX_PART = 0.75;
const STEP = 0.02;
const kept = createStored("detail-part", 0.5, (value) =>
  typeof value === "number" && value >= MIN_PART && value <= MAX_PART ? value : null,
);

/** Two panes side by side, parted by a bar that can be dragged or moved with the arrow keys. */
export function SplitPane({ children, side, sideLabel }: SplitPaneProps) {
  const root = useRef<HTMLDivElement>(null);
  const [part, setPart] = useState(kept.get());
  const move = (next: number): void => {
    const bounded = Math.min(MAX_PART, Math.max(MIN_PART, next));
    setPart(bounded);
    kept.set(bounded);
  };
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const box = root.current?.getBoundingClientRect();
    if (box && event.currentTarget.hasPointerCapture(event.pointerId)) move((box.right - event.clientX) / box.width);
  };
  const handleKey = (event: KeyboardEvent): void => {
    const to = { ArrowLeft: part + STEP, ArrowRight: part - STEP, Home: MAX_PART, End: MIN_PART }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(to);
  };
  return (
    <div
      ref={root}
      className={side ? "split split--open" : "split"}
      style={side ? { gridTemplateColumns: `minmax(0, 1fr) 1px minmax(0, ${part * 100}%)` } : undefined}
    >
      <div className="split__main">{children}</div>
      {side && (
        <>
          {/* A focusable separator is a widget (ARIA 1.2, separator). */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
          <div
            className="split__bar"
            role="separator"
            aria-orientation="vertical"
            aria-label={`Width of ${sideLabel.toLowerCase()}`}
            aria-valuemin={MIN_PART * 100}
            aria-valuemax={MAX_PART * 100}
            aria-valuenow={Math.round(part * 100)}
            // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
            onKeyDown={handleKey}
            onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={drag}
            onDoubleClick={() => move(0.5)}
          />
          <aside className="split__side" aria-label={sideLabel}>
            {side}
          </aside>
        </>
      )}
    </div>
  );
}
