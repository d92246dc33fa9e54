import { useId, type ReactNode } from "react";

interface PanelProps {
  readonly title: string;
  readonly lead?: ReactNode;
  /** At the right of the title. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A framed part of a section, with a heading of its own. */
export function Panel({ title, lead, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header className="panel__head">
        <div>
          <h3 id={id}>{title}</h3>
          {lead && <p>{lead}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  );
}
