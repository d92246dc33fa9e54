import { createStored, parseTexts } from "./stored.ts";

const MAX_RECENT = 8;
const MAX_SAVED = 50;

const recent = createStored<readonly string[]>("recent-filters", [], parseTexts);
const saved = createStored<readonly string[]>("saved-filters", [], parseTexts);

/** Filters of this browser: the last ones used, and those kept by hand. */
export const savedFilters = {
  recent,
  saved,
  remember: (filter: string): void => {
    if (filter !== "") recent.set([filter, ...recent.get().filter((one) => one !== filter)].slice(0, MAX_RECENT));
  },
  toggle: (filter: string): void => {
    const all = saved.get();
    saved.set(all.includes(filter) ? all.filter((one) => one !== filter) : [...all, filter].slice(-MAX_SAVED));
  },
};
