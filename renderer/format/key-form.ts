import { topicFilterFault } from "../../main/contract/topic.ts";

/** What a key's owner may do in one direction. */
export type Reach = "all" | "some" | "none";

export interface FilterChoice {
  readonly reach: Reach;
  /** Used for `some`. */
  readonly filters: readonly string[];
}

export interface KeyForm {
  readonly name: string;
  readonly expiry: Expiry;
  /** `yyyy-mm-dd`, used for `date`: the key works to the end of that day. */
  readonly expiryDate: string;
  readonly publish: FilterChoice;
  readonly subscribe: FilterChoice;
}

export const EXPIRIES = ["never", "1d", "7d", "30d", "90d", "365d", "date"] as const;
export type Expiry = (typeof EXPIRIES)[number];

export const NEW_KEY: KeyForm = {
  name: "",
  expiry: "never",
  expiryDate: "",
  publish: { reach: "all", filters: [""] },
  subscribe: { reach: "all", filters: [""] },
};

export const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const DAY_MS = 86_400_000;

export function keyNameFault(name: string, taken: readonly string[]): string | null {
  if (name === "") return "Give the key a name, like the device's.";
  if (!KEY_NAME.test(name)) return "Use 1 to 64 letters, digits, dots, dashes or underscores; begin with a letter or digit.";
  if (taken.includes(name)) return `There is a key “${name}” already. Choose another name, or revoke that one first.`;
  return null;
}

/** Epoch ms; null: never; a sentence when the date is none or is past. */
export function toExpiry({ expiry, expiryDate }: Pick<KeyForm, "expiry" | "expiryDate">, now: number): number | null | string {
  if (expiry === "never") return null;
  if (expiry !== "date") return now + Number.parseInt(expiry, 10) * DAY_MS;
  const [year, month, day] = expiryDate.split("-").map(Number);
  if (!year || !month || !day) return "Choose the last day on which the key works.";
  const end = new Date(year, month - 1, day + 1).getTime() - 1;
  return end > now ? end : "This day is past. Choose a later one.";
}

/** A filter as it stands for one device, or null when it has no place holder. */
export function expandFilter(filter: string, keyName: string, clientId = "client-id"): string | null {
  if (!/%[kc]/.test(filter)) return null;
  return filter.replaceAll("%k", () => keyName).replaceAll("%c", () => clientId);
}

/** Why this cannot be one of a key's filters; null when it can. */
export function keyFilterFault(filter: string): string | null {
  if (filter === "") return "Type a topic filter, or remove this line.";
  const fault = topicFilterFault(filter);
  return fault === null ? null : `${fault[0]!.toUpperCase()}${fault.slice(1)}.`;
}

/** The filters the choice stands for, as the hub takes them. */
export function toFilters({ reach, filters }: FilterChoice): readonly string[] {
  if (reach === "all") return ["#"];
  return reach === "none" ? [] : filters;
}

export function choiceFault(choice: FilterChoice): string | null {
  return choice.reach === "some" ? (choice.filters.map(keyFilterFault).find((fault) => fault !== null) ?? null) : null;
}
