import { createCell, type Cell, type Readable } from "./cell.ts";

/**
 * What was typed into forms and is not saved yet, by the form's name. It stays while the person looks at other pages,
 * so that nobody is asked or loses anything on the way; only the window's end would lose it, and then the browser asks.
 */
const drafts = new Map<string, Cell<unknown>>();
const names = createCell<readonly string[]>([]);

/** The forms that hold something unsaved. */
export const unsaved: Readable<readonly string[]> = names;

/** The form's draft; null while it holds nothing that is not saved. */
export function draftOf<T>(name: string): Cell<T | null> {
  const known = drafts.get(name);
  if (known) return known as Cell<T | null>;
  const cell = createCell<unknown>(null);
  cell.subscribe(() => {
    const others = names.get().filter((one) => one !== name);
    if ((cell.get() === null) === !names.get().includes(name)) return;
    names.set(cell.get() === null ? others : [...others, name]);
  });
  drafts.set(name, cell);
  return cell as Cell<T | null>;
}

if (typeof window !== "undefined")
  window.addEventListener("beforeunload", (event) => {
    if (names.get().length > 0) event.preventDefault();
  });
