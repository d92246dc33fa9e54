import type { ReactNode } from "react";
import { FieldError, Input, Label, Text, TextArea, TextField, type TextFieldProps } from "react-aria-components";

interface TextRowProps extends Omit<TextFieldProps, "children" | "className" | "isInvalid"> {
  readonly label: string;
  /** For where the surroundings say it already. */
  readonly hidesLabel?: boolean;
  readonly hint?: ReactNode;
  /** What is wrong and what to do; null when nothing is. */
  readonly fault?: string | null;
  readonly placeholder?: string;
  readonly isMono?: boolean;
  readonly lines?: number;
}

/** A labelled text field with its hint and its fault. */
export function TextRow({
  label,
  hidesLabel = false,
  hint,
  fault = null,
  placeholder = "",
  isMono = false,
  lines,
  ...props
}: TextRowProps) {
  const className = isMono ? "input input--mono" : "input";
  return (
    <TextField {...props} className="field" isInvalid={fault !== null}>
      <Label className={hidesLabel ? "visually-hidden" : "field__label"}>{label}</Label>
      {lines === undefined ? (
        <Input className={className} placeholder={placeholder} spellCheck="false" />
      ) : (
        <TextArea className={`${className} input--lines`} placeholder={placeholder} rows={lines} spellCheck="false" />
      )}
      {hint && (
        <Text slot="description" className="field__hint">
          {hint}
        </Text>
      )}
      <FieldError className="field__fault">{fault}</FieldError>
    </TextField>
  );
}
