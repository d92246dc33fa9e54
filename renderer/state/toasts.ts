import { createCell, type Readable } from "./cell.ts";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "good" | "bad";
}

export interface Toasts {
  readonly all: Readable<readonly Toast[]>;
  show(text: string, tone?: Toast["tone"]): void;
  dismiss(id: number): void;
}

const SHOWN_MS = { good: 3000, bad: 8000 } as const;
const MAX_SHOWN = 3;

export function createToasts(): Toasts {
  const all = createCell<readonly Toast[]>([]);
  let nextId = 1;
  const dismiss = (id: number): void => all.set(all.get().filter((one) => one.id !== id));
  return {
    all,
    dismiss,
    show: (text, tone = "good") => {
      const id = nextId++;
      all.set([...all.get().filter((one) => one.text !== text), { id, text, tone }].slice(-MAX_SHOWN));
      setTimeout(() => dismiss(id), SHOWN_MS[tone]);
    },
  };
}
