import type { ReactNode } from "react";

/** A section's name, what it is for, and its one main action. */
export function SectionHead({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <header className="section-head">
      <div>
        <h2>{title}</h2>
        <p>{lead}</p>
      </div>
      {children}
    </header>
  );
}
