import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";

const ICONS = { info: Info, warn: TriangleAlert, bad: CircleAlert } as const;

interface NoticeProps {
  readonly tone: keyof typeof ICONS;
  readonly title?: string;
  readonly children: ReactNode;
  /** It appeared because of something the person did: read out at once. */
  readonly isAlert?: boolean;
}

/** A sentence or two that must not be missed, with a shape for how much it matters. */
export function Notice({ tone, title, children, isAlert = false }: NoticeProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`notice notice--${tone}`} role={isAlert ? "alert" : undefined}>
      <Icon size={16} aria-hidden="true" />
      <div className="notice__text">
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  );
}
