import { useEffect, useState, type KeyboardEvent } from "react";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { suggestTerms, valueBeingTyped, type Suggestion } from "../../format/filter-completion.ts";
import { splitTerms } from "../../format/filter-terms.ts";
import { savedFilters } from "../../state/saved-filters.ts";

export interface SuggestionGroup {
  readonly title: string;
  readonly items: readonly (Suggestion & { readonly id: string })[];
}

export interface SuggestionList {
  readonly isOpen: boolean;
  readonly groups: readonly SuggestionGroup[];
  readonly activeId: string | undefined;
  readonly open: () => void;
  readonly close: () => void;
  take(id: string): void;
  /** True when the key was the list's. */
  handleKey(event: KeyboardEvent): boolean;
}

interface Options {
  readonly draft: string;
  readonly focused: boolean;
  /** The text is whole and can be applied. */
  readonly onTake: (text: string) => void;
  /** The text goes on. */
  readonly onWrite: (text: string) => void;
  /** A whole filter was chosen. */
  readonly onFilter: (filter: string) => void;
}

const MAX_OLD_FILTERS = 5;

/** What can be written next in the filter: fields, their values, and whole filters used before. */
export function useSuggestions({ draft, focused, onTake, onWrite, onFilter }: Options): SuggestionList {
  const { sources } = useApp();
  const known = useReadable(sources.all);
  const recent = useReadable(savedFilters.recent);
  const saved = useReadable(savedFilters.saved);
  const [shown, setShown] = useState(false);
  const [active, setActive] = useState(-1);
  const term = /\s$/.test(draft) ? "" : (splitTerms(draft).at(-1) ?? "");
  const topics = useTopics(focused && valueBeingTyped(term)?.field === "topic" ? valueBeingTyped(term)!.value : null);

  const terms = suggestTerms(term, { topics, sources: known.map((one) => one.name) });
  const old = draft === "" ? [...new Set([...saved, ...recent])].slice(0, MAX_OLD_FILTERS) : [];
  const field = valueBeingTyped(term)?.field;
  const groups: SuggestionGroup[] = [
    { title: "Used before", items: old.map((one) => ({ id: `filter-old-${one}`, insert: one, label: one, hint: "", complete: true })) },
    { title: field ? `Values of ${field}` : "Fields", items: terms.map((one) => ({ ...one, id: `filter-term-${one.insert}` })) },
  ].filter((group) => group.items.length > 0);
  const flat = groups.flatMap((group) => group.items);
  const isOpen = shown && focused && flat.length > 0;

  const take = (id: string): void => {
    const item = flat.find((one) => one.id === id);
    if (!item) return;
    setActive(-1);
    const text = draft.slice(0, draft.length - term.length) + item.insert;
    if (old.includes(item.insert)) onFilter(item.insert);
    else if (item.complete) onTake(text);
    else onWrite(text);
    setShown(!item.complete);
  };
  const handleKey = (event: KeyboardEvent): boolean => {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) setShown(true);
      else setActive((active + (key === "ArrowDown" ? 1 : -1) + flat.length + (active === -1 && key === "ArrowUp" ? 1 : 0)) % flat.length);
      return true;
    }
    const chosen = flat[active] ?? (key === "Tab" && draft !== "" ? flat[0] : undefined);
    if (isOpen && chosen && (key === "Enter" || (key === "Tab" && !event.shiftKey))) {
      event.preventDefault();
      take(chosen.id);
      return true;
    }
    if (isOpen && key === "Escape") {
      setShown(false);
      setActive(-1);
      return true;
    }
    return false;
  };

  return {
    isOpen,
    groups,
    activeId: isOpen ? flat[active]?.id : undefined,
    open: () => {
      setShown(true);
      setActive(-1);
    },
    close: () => setShown(false),
    take,
    handleKey,
  };
}

const MAX_TOPICS = 200;
const ASK_AFTER_MS = 120;

/** The hub's topics that begin so; none while `prefix` is null. */
function useTopics(prefix: string | null): readonly string[] {
  const { connection } = useApp();
  const [topics, setTopics] = useState<readonly string[]>([]);
  const plain = prefix?.replace(/[+#].*$/, "") ?? null;
  useEffect(() => {
    if (plain === null) return;
    let gone = false;
    const timer = setTimeout(async () => {
      try {
        const answer = await connection.call("topics.list", { prefix: plain, limit: MAX_TOPICS });
        if (!gone) setTopics(answer.topics.map((one) => one.topic));
      } catch {
        // Completion is a help; the filter works without it.
      }
    }, ASK_AFTER_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [connection, plain]);
  return topics;
}
