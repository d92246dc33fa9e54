import { useEffect } from "react";
import type { SuggestionList } from "./use-suggestions.ts";

/** The list under the filter; the keyboard stays in the text field, which says what is active here. */
export function FilterSuggestions({ list }: { readonly list: SuggestionList }) {
  const { activeId } = list;
  useEffect(() => {
    if (activeId) document.getElementById(activeId)?.scrollIntoView({ block: "nearest" });
  }, [activeId]);
  return (
    <div id="filter-suggestions" role="listbox" aria-label="Suggestions" className="suggestions" hidden={!list.isOpen}>
      {list.groups.map(({ title, items }) => (
        <div key={title} role="group" aria-label={title}>
          <div className="suggestions__title" aria-hidden="true">
            {title}
          </div>
          {items.map(({ id, label, hint }) => (
            // The keys are handled by the text field (ARIA combobox pattern).
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
            <div
              key={id}
              id={id}
              role="option"
              aria-selected={id === activeId}
              className="suggestions__item"
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => list.take(id)}
            >
              <span className="suggestions__label">{label}</span>
              <span className="suggestions__hint">{hint}</span>
            </div>
          ))}
        </div>
      ))}
      <p className="suggestions__foot" aria-hidden="true">
        <kbd>Tab</kbd> completes · <kbd>Enter</kbd> applies · <kbd>−</kbd> in front means not
      </p>
    </div>
  );
}
