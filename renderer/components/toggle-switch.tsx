import type { ReactNode } from "react";
import { Switch, type SwitchProps } from "react-aria-components";

interface ToggleSwitchProps extends Omit<SwitchProps, "children" | "className"> {
  readonly children?: ReactNode;
}

/** On or off, at once. */
export function ToggleSwitch({ children, ...props }: ToggleSwitchProps) {
  return (
    <Switch {...props} className="switch">
      <span className="switch__track" aria-hidden="true">
        <span className="switch__knob" />
      </span>
      {children}
    </Switch>
  );
}
