import { Check } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox, type CheckboxProps } from "react-aria-components";

interface TickBoxProps extends Omit<CheckboxProps, "children" | "className"> {
  readonly children?: ReactNode;
}

export function TickBox({ children, ...props }: TickBoxProps) {
  return (
    <Checkbox {...props} className="tick">
      <span className="tick__box" aria-hidden="true">
        <Check size={12} strokeWidth={3} />
      </span>
      <span>{children}</span>
    </Checkbox>
  );
}
