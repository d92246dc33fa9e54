import { toFilters, type FilterChoice } from "./key-form.ts";

/** What a new device may do, in a few words; `custom` is typed by hand. */
export const PRESETS = ["own", "sensor", "all", "custom"] as const;
export type Preset = (typeof PRESETS)[number];

export interface PairForm {
  readonly name: string;
  readonly preset: Preset;
  /** Used for `custom`. */
  readonly publish: FilterChoice;
  readonly subscribe: FilterChoice;
}

export const NEW_DEVICE: PairForm = {
  name: "",
  preset: "own",
  publish: { reach: "some", filters: ["%k/#"] },
  subscribe: { reach: "some", filters: ["%k/#"] },
};

/** The filters of the key, with the place holder for its name. */
export function presetFilters({ preset, publish, subscribe }: PairForm): {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
} {
  switch (preset) {
    case "own":
      return { publish: ["%k/#"], subscribe: ["%k/#"] };
    case "sensor":
      return { publish: ["%k/#"], subscribe: [] };
    case "all":
      return { publish: ["#"], subscribe: ["#"] };
    case "custom":
      return { publish: toFilters(publish), subscribe: toFilters(subscribe) };
  }
}

/** What a preset means for a device of that name. */
export function presetWords(preset: Preset, name: string): { readonly title: string; readonly text: string } {
  const branch = `${name === "" ? "its-name" : name}/#`;
  switch (preset) {
    case "own":
      return { title: "Its own topics", text: `publishes and subscribes below ${branch}` };
    case "sensor":
      return { title: "Only sends", text: `publishes below ${branch} and is told nothing` };
    case "all":
      return { title: "Everything", text: "publishes and subscribes to every topic" };
    case "custom":
      return { title: "Something else", text: "topic filters of your own" };
  }
}
