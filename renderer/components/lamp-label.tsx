import type { ReactNode } from "react";
import type { Lamp } from "../format/lamp.ts";

/** A word with a lamp beside it. Each colour has its own shape too: round, triangle, square, ring. */
export function LampLabel({ lamp, children }: { readonly lamp: Lamp; readonly children: ReactNode }) {
  return (
    <span className={`lamp-label lamp-label--${lamp}`}>
      <span className="lamp" aria-hidden="true" />
      {children}
    </span>
  );
}
