import { createCell, type Cell } from "./cell.ts";

/**
 * A cell kept in the browser's storage under `signalbox.<name>`. What is found there is foreign: `parse` makes it the
 * type or gives null, and then the default holds. Without storage (a private window, a full quota) it lives in memory.
 */
export function createStored<T>(name: string, initial: T, parse: (value: unknown) => T | null): Cell<T> {
  const key = `signalbox.${name}`;
  const cell = createCell<T>(read(key, parse) ?? initial);
  return {
    ...cell,
    set: (value) => {
      cell.set(value);
      try {
        localStorage.setItem(key, JSON.stringify(value));
      } catch {
        // Nothing is lost but the memory of it: the value holds until the page is closed.
      }
    },
  };
}

function read<T>(key: string, parse: (value: unknown) => T | null): T | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : parse(JSON.parse(text));
  } catch {
    return null;
  }
}

export function parseTexts(value: unknown): readonly string[] | null {
  return Array.isArray(value) && value.every((one) => typeof one === "string") ? value : null;
}
