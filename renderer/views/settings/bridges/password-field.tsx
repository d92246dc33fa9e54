import { Button } from "react-aria-components";
import { TextRow } from "../../../components/text-row.tsx";
import type { BridgeForm } from "../../../format/bridge-form.ts";

interface PasswordFieldProps {
  readonly form: BridgeForm;
  /** One is kept, but for another address or user name. */
  readonly mustTypeAgain: boolean;
  readonly onChange: (change: Pick<BridgeForm, "password" | "keepsPassword">) => void;
}

/** A password goes in and never comes out: one that is kept can be left or replaced, not seen. */
export function PasswordField({ form: { password, keepsPassword }, mustTypeAgain, onChange }: PasswordFieldProps) {
  if (keepsPassword)
    return (
      <div className="field">
        <span className="field__label">Password</span>
        <span className="kept">
          <span>Kept, and not shown again</span>
          <Button className="button button--small" onPress={() => onChange({ password: "", keepsPassword: false })}>
            Change
          </Button>
        </span>
      </div>
    );
  return (
    <TextRow
      label="Password"
      type="password"
      autoComplete="new-password"
      value={password}
      onChange={(next) => onChange({ password: next, keepsPassword: false })}
      hint={mustTypeAgain ? "The one that is kept was given for another address or user name: type it again." : "Empty for none."}
    />
  );
}
