import type { ReactNode } from "react";
import { TextRow } from "../../../components/text-row.tsx";
import { TickBox } from "../../../components/tick-box.tsx";
import type { BoundForm } from "../../../format/retention-form.ts";

interface BoundRowProps<U extends string> {
  readonly label: string;
  /** "age", "count", "size": tells apart what has the same label. */
  readonly of: string;
  readonly bound: BoundForm<U>;
  readonly fault: string | null;
  readonly onChange: (bound: BoundForm<U>) => void;
  /** The unit. */
  readonly children: ReactNode;
}

/** One bound of the log: whether it holds, how much, and its unit. */
export function BoundRow<U extends string>({ label, of, bound, fault, onChange, children }: BoundRowProps<U>) {
  return (
    <div className="bound">
      <TickBox isSelected={bound.isOn} onChange={(isOn) => onChange({ ...bound, isOn })}>
        {label}
        <span className="visually-hidden"> (bound on {of})</span>
      </TickBox>
      <TextRow
        label={`Bound on ${of}`}
        hidesLabel
        inputMode="decimal"
        value={bound.amount}
        onChange={(amount) => onChange({ ...bound, amount })}
        isDisabled={!bound.isOn}
        fault={fault}
      />
      {children}
    </div>
  );
}
