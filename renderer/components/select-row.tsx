import { Check, ChevronDown } from "lucide-react";
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";

export interface Choice<T extends string> {
  readonly id: T;
  readonly label: string;
  /** A few words more, shown in the list alone. */
  readonly hint?: string;
}

interface SelectRowProps<T extends string> {
  readonly label: string;
  readonly hidesLabel?: boolean;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly isDisabled?: boolean;
  readonly hint?: string;
}

/** One of a few, from a list that opens. */
export function SelectRow<T extends string>({
  label,
  hidesLabel = false,
  choices,
  value,
  onChange,
  isDisabled = false,
}: SelectRowProps<T>) {
  return (
    <Select className="field" value={value} onChange={(key) => onChange(key as T)} isDisabled={isDisabled}>
      <Label className={hidesLabel ? "visually-hidden" : "field__label"}>{label}</Label>
      <Button className="select">
        <SelectValue className="select__value">{choices.find((one) => one.id === value)?.label}</SelectValue>
        <ChevronDown size={14} aria-hidden="true" />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="menu" items={choices}>
          {({ id, label, hint }) => (
            <ListBoxItem id={id} textValue={label} className="menu__item">
              {({ isSelected }) => (
                <>
                  <span>
                    {label}
                    {hint && <span className="menu__hint">{hint}</span>}
                  </span>
                  {isSelected && <Check size={14} aria-hidden="true" />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
