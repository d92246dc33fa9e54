import { useEffect, useState } from "react";
import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover } from "react-aria-components";

interface SuggestFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What could be meant; asked for again with each change. */
  readonly suggest: (text: string) => readonly string[] | Promise<readonly string[]>;
  readonly placeholder: string;
  readonly fault?: string | null;
}

/** A text field that takes anything and suggests what is known. */
export function SuggestField({ label, value, onChange, suggest, placeholder, fault = null }: SuggestFieldProps) {
  const [known, setKnown] = useState<readonly string[]>([]);
  useEffect(() => {
    let gone = false;
    const ask = async (): Promise<void> => {
      try {
        const found = await suggest(value);
        if (!gone) setKnown(found);
      } catch {
        // Nothing to suggest while the hub is away.
      }
    };
    void ask();
    return () => {
      gone = true;
    };
  }, [value, suggest]);
  const items = known.filter((one) => one !== value).map((id) => ({ id }));
  return (
    <ComboBox
      className="field"
      items={items}
      inputValue={value}
      onInputChange={onChange}
      allowsCustomValue
      allowsEmptyCollection={false}
      menuTrigger="input"
      isInvalid={fault !== null}
    >
      <Label className="field__label">{label}</Label>
      <Input className="input input--mono" placeholder={placeholder} spellCheck="false" />
      <FieldError className="field__fault">{fault}</FieldError>
      <Popover className="popover suggest-popover" offset={4}>
        <ListBox className="menu">
          {({ id }: { readonly id: string }) => (
            <ListBoxItem id={id} textValue={id} className="menu__item menu__item--mono">
              {id}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
