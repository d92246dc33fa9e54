import { draftOf } from "../state/drafts.ts";
import { useReadable } from "./app-context.tsx";

export interface Draft<T> {
  /** What the form shows: what was typed, or else what is saved. */
  readonly value: T;
  readonly isDirty: boolean;
  /** The value as it is now, for what was begun some renders ago. */
  readonly latest: () => T;
  readonly change: (next: T) => void;
  readonly discard: () => void;
}

/** A form's values, plain data, over what is saved. Typing back what is saved leaves nothing unsaved. */
export function useDraft<T>(name: string, saved: T): Draft<T> {
  const cell = draftOf<T>(name);
  const draft = useReadable(cell);
  const isSame = (value: T): boolean => JSON.stringify(value) === JSON.stringify(saved);
  return {
    value: draft ?? saved,
    isDirty: draft !== null && !isSame(draft),
    latest: () => cell.get() ?? saved,
    change: (next) => cell.set(isSame(next) ? null : next),
    discard: () => cell.set(null),
  };
}
