import type { ReactNode } from "react";
import { Button, Tooltip, TooltipTrigger, type ButtonProps } from "react-aria-components";

interface IconButtonProps extends Omit<ButtonProps, "children"> {
  readonly label: string;
  readonly keys?: string;
  readonly children: ReactNode;
}

/** A button that is only a picture: its name is read out, and shown with its key when pointed at. */
export function IconButton({ label, keys, children, className, ...props }: IconButtonProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      <Button {...props} aria-label={label} className={`icon-button ${typeof className === "string" ? className : ""}`}>
        {children}
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {label}
        {keys && <kbd>{keys}</kbd>}
      </Tooltip>
    </TooltipTrigger>
  );
}
