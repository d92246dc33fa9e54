import { Bookmark, BookmarkCheck, ListFilter, X } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { Button } from "react-aria-components";
import { parseFilter } from "../../../main/contract/filter.ts";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { joinTerms, splitTerms } from "../../format/filter-terms.ts";
import { savedFilters } from "../../state/saved-filters.ts";
import { FilterSuggestions } from "./filter-suggestions.tsx";
import { useSuggestions } from "./use-suggestions.ts";

/** One line of filter: terms that hold are chips, the one being written is text, what is wrong with it stands below. */
export function FilterBar({ filter }: { readonly filter: string }) {
  const { hub, router, feed, toasts } = useApp();
  const { error } = useReadable(feed.view);
  const saved = useReadable(savedFilters.saved);
  const input = useRef<HTMLInputElement>(null);
  const leaving = useRef(false);
  const [draft, setDraft] = useState("");
  const [focused, setFocused] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const terms = [...new Set(splitTerms(filter))];
  const isSaved = saved.includes(filter);

  const apply = (next: string): boolean => {
    const parsed = parseFilter(next, hub.now());
    if (!parsed.ok) {
      setFault(parsed.refusal.message);
      return false;
    }
    setFault(null);
    savedFilters.remember(next);
    router.go({ filter: next });
    return true;
  };
  const commit = (text: string): void => {
    if (apply(joinTerms([...terms, ...splitTerms(text)]))) setDraft("");
    else setDraft(text);
  };
  const change = (text: string): void => {
    setDraft(text);
    setFault(null);
    list.open();
  };
  const list = useSuggestions({ draft, focused, onTake: commit, onWrite: change, onFilter: apply });
  const clear = (): void => {
    setDraft("");
    apply("");
    input.current?.focus();
  };
  const toggleSaved = (): void => {
    savedFilters.toggle(filter);
    toasts.show(isSaved ? "Filter forgotten" : "Filter saved in the side bar");
  };
  useCommands({
    "filter.focus": () => input.current?.focus(),
    "filter.clear": filter === "" ? null : () => apply(""),
    "filter.save": filter === "" ? null : toggleSaved,
  });

  const handleKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (list.handleKey(event)) return;
    if (event.key === "Enter") {
      list.close();
      commit(draft);
    } else if (event.key === "Escape") {
      setDraft("");
      setFault(null);
      // Out of the field, so that keys mean the list again; what was written is thrown away first.
      leaving.current = true;
      input.current?.blur();
    } else if (event.key === "Backspace" && draft === "" && terms.length > 0) {
      event.preventDefault();
      apply(joinTerms(terms.slice(0, -1)));
      setDraft(terms.at(-1)!);
    }
  };
  const shownFault = fault ?? (error?.code === "FILTER_INVALID" ? error.message : null);

  return (
    <search className="filter">
      {/* Pressing anywhere in the field means its text; the text field itself has the keyboard. */}
      <div
        className={shownFault ? "filter__field filter__field--fault" : "filter__field"}
        onPointerDown={(event) => focusText(event, input.current)}
      >
        <ListFilter size={15} className="filter__icon" aria-hidden="true" />
        {terms.map((term) => (
          <span key={term} className="chip">
            <span className="chip__text">{term}</span>
            <Button
              className="chip__remove"
              aria-label={`Remove ${term}`}
              onPress={() => apply(joinTerms(terms.filter((one) => one !== term)))}
            >
              <X size={12} aria-hidden="true" />
            </Button>
          </span>
        ))}
        <input
          ref={input}
          className="filter__input"
          type="text"
          role="combobox"
          aria-label="Filter events"
          aria-expanded={list.isOpen}
          aria-controls="filter-suggestions"
          aria-autocomplete="list"
          aria-activedescendant={list.activeId}
          aria-invalid={shownFault !== null}
          aria-describedby={shownFault ? "filter-fault" : undefined}
          placeholder={terms.length === 0 ? "Filter: topic, source, status, words…" : ""}
          value={draft}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change(event.target.value)}
          onKeyDown={handleKey}
          onFocus={() => {
            setFocused(true);
            list.open();
          }}
          onBlur={() => {
            setFocused(false);
            list.close();
            if (draft.trim() !== "" && !leaving.current) commit(draft);
            leaving.current = false;
          }}
          onClick={list.open}
        />
        {filter === "" && draft === "" && <kbd className="filter__hint">/</kbd>}
        {filter !== "" && (
          <>
            <IconButton label={isSaved ? "Forget this filter" : "Save this filter"} keys="s" onPress={toggleSaved}>
              {isSaved ? <BookmarkCheck size={15} aria-hidden="true" /> : <Bookmark size={15} aria-hidden="true" />}
            </IconButton>
            <IconButton label="Clear the filter" keys="x" onPress={clear}>
              <X size={15} aria-hidden="true" />
            </IconButton>
          </>
        )}
      </div>
      {shownFault && (
        <p id="filter-fault" className="filter__fault" role="alert">
          {shownFault}
        </p>
      )}
      <FilterSuggestions list={list} />
    </search>
  );
}

function focusText(event: PointerEvent, input: HTMLInputElement | null): void {
  if (event.target !== event.currentTarget) return;
  event.preventDefault();
  input?.focus();
}
