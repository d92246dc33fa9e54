import { createStored } from "./stored.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const stored = createStored<Theme>("theme", "system", (value) => THEMES.find((one) => one === value) ?? null);

const apply = (): void => void (document.documentElement.dataset["theme"] = stored.get());

/** The theme, kept in this browser and put on the page's root at once. */
export const theme = {
  ...stored,
  set: (next: Theme): void => {
    stored.set(next);
    apply();
  },
};

apply();
