import type { ReactNode } from "react";
import { CopyButton } from "../../components/copy-button.tsx";

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  /** With a button that copies this. */
  readonly copy?: string | null | undefined;
}

export function Fact({ name, children, copy }: FactProps) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        <span className="fact__value">{children}</span>
        {copy ? <CopyButton text={copy} what={name} /> : null}
      </dd>
    </div>
  );
}

export function FactList({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section className="facts">
      {title && <h3>{title}</h3>}
      <dl>{children}</dl>
    </section>
  );
}
