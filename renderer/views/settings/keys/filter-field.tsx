import { Plus, X } from "lucide-react";
import { useRef } from "react";
import { Button, type KeyboardEvent } from "react-aria-components";
import { IconButton } from "../../../components/icon-button.tsx";
import { Segments } from "../../../components/segments.tsx";
import { TextRow } from "../../../components/text-row.tsx";
import { expandFilter, keyFilterFault, type FilterChoice, type Reach } from "../../../format/key-form.ts";

interface FilterFieldProps {
  /** "May publish to" */
  readonly label: string;
  readonly value: FilterChoice;
  readonly onChange: (value: FilterChoice) => void;
  /** For what the place holders would become. */
  readonly keyName: string;
  /** The form was sent once: empty lines are faults from then on. */
  readonly isChecked: boolean;
}

const REACHES: readonly { readonly id: Reach; readonly label: string }[] = [
  { id: "all", label: "Everything" },
  { id: "some", label: "Only these topics" },
  { id: "none", label: "Nothing" },
];

/** What a key's owner may do in one direction: everything, nothing, or a list of topic filters. */
export function FilterField({ label, value, onChange, keyName, isChecked }: FilterFieldProps) {
  const lines = useRef<HTMLDivElement>(null);
  const { reach, filters } = value;
  const put = (next: readonly string[]): void => onChange({ ...value, filters: next });
  const focusLine = (line: number): void => void setTimeout(() => lines.current?.querySelectorAll("input")[Math.max(0, line)]?.focus());
  const add = (): void => {
    put([...filters, ""]);
    focusLine(filters.length);
  };
  const remove = (line: number): void => {
    put(filters.toSpliced(line, 1));
    focusLine(line - 1);
  };
  const handleKey = (event: KeyboardEvent, line: number): void => {
    if (event.key === "Enter" && filters[line] !== "") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && filters[line] === "" && filters.length > 1) {
      event.preventDefault();
      remove(line);
    }
  };
  return (
    <div className="field filter-field" role="group" aria-label={label}>
      <span className="field__label">{label}</span>
      <Segments label={label} choices={REACHES} value={reach} onChange={(next) => onChange({ ...value, reach: next })} />
      {reach === "some" && (
        <div ref={lines} className="filter-field__lines">
          {filters.map((filter, line) => {
            const fault = filter === "" && !isChecked ? null : keyFilterFault(filter);
            const expanded = fault === null ? expandFilter(filter, keyName || "name") : null;
            return (
              // Lines have no identity beside their place.
              // oxlint-disable-next-line react/no-array-index-key
              <div key={line} className="filter-field__line">
                <TextRow
                  label={`${label}: topic filter ${line + 1}`}
                  hidesLabel
                  isMono
                  placeholder="sensors/%k/#"
                  value={filter}
                  onKeyDown={(event) => handleKey(event, line)}
                  onChange={(text) => put(filters.with(line, text.trim()))}
                  fault={fault}
                  hint={
                    expanded && (
                      <>
                        for this key: <code>{expanded}</code>
                      </>
                    )
                  }
                />
                {filters.length > 1 && (
                  <IconButton label={`Remove topic filter ${line + 1}`} onPress={() => remove(line)}>
                    <X size={14} aria-hidden="true" />
                  </IconButton>
                )}
              </div>
            );
          })}
          <Button className="button button--small" onPress={add}>
            <Plus size={12} aria-hidden="true" />
            Add a filter
          </Button>
        </div>
      )}
    </div>
  );
}
