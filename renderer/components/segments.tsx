import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

interface SegmentsProps<T extends string> {
  readonly label: string;
  readonly choices: readonly { readonly id: T; readonly label: string }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly isDisabled?: boolean;
}

/** One of two to four, all in sight. */
export function Segments<T extends string>({ label, choices, value, onChange, isDisabled = false }: SegmentsProps<T>) {
  return (
    <ToggleButtonGroup
      className="segments"
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      isDisabled={isDisabled}
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [next] = keys;
        if (next !== undefined) onChange(next as T);
      }}
    >
      {choices.map(({ id, label }) => (
        <ToggleButton key={id} id={id} className="segments__item">
          {label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
