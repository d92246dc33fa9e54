/** A value that can be watched. `get` gives the same object until it changes, as useSyncExternalStore needs. */
export interface Readable<T> {
  readonly get: () => T;
  /** Called after each change. */
  readonly subscribe: (listener: () => void) => () => void;
}

export interface Cell<T> extends Readable<T> {
  set(value: T): void;
}

export function createCell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
