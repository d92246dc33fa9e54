import { FILTER_FIELDS } from "../../main/contract/filter.ts";

/** What can be put in place of the word under the caret. */
export interface Suggestion {
  /** The term's new text. */
  readonly insert: string;
  readonly label: string;
  readonly hint: string;
  /** A field waits for its value, so completion goes on; anything else ends the term. */
  readonly complete: boolean;
}

/** What the hub knows: names to complete with. */
export interface KnownNames {
  readonly topics: readonly string[];
  readonly sources: readonly string[];
}

const PRESETS: Readonly<Record<string, readonly (readonly [value: string, hint: string])[]>> = {
  status: [
    [">=400", "errors"],
    [">=500", "server errors"],
    ["200", "answered OK"],
    ["404", "not found"],
  ],
  size: [
    [">10k", "larger than 10 KB"],
    [">1m", "larger than 1 MB"],
    ["0", "without a body"],
  ],
  after: [
    ["-5m", "the last five minutes"],
    ["-1h", "the last hour"],
    ["-1d", "the last day"],
  ],
  before: [
    ["-5m", "more than five minutes ago"],
    ["-1h", "more than an hour ago"],
    ["-1d", "more than a day ago"],
  ],
  method: ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => [method, "HTTP method"] as const),
};

/** The field and the piece of its value that are being typed; null while it is still a field or free text. */
export function valueBeingTyped(term: string): { readonly field: string; readonly value: string } | null {
  const match = /^-?([A-Za-z]+):"?(.*)$/.exec(term);
  const field = match?.[1]?.toLowerCase();
  if (!match || !field || !(field in FILTER_FIELDS)) return null;
  return { field, value: match[2]!.split(",").at(-1)! };
}

/** What could stand in place of `term`, the word under the caret. */
export function suggestTerms(term: string, known: KnownNames): Suggestion[] {
  const typing = valueBeingTyped(term);
  if (!typing) return suggestFields(term);
  const { field, value } = typing;
  const before = term.slice(0, term.length - value.length);
  const wanted = value.toLowerCase();
  return valuesOf(field, known)
    .filter(([one]) => one.toLowerCase().includes(wanted) && one !== value)
    .sort(([a], [b]) => Number(b.toLowerCase().startsWith(wanted)) - Number(a.toLowerCase().startsWith(wanted)))
    .slice(0, 12)
    .map(([one, hint]) => ({ insert: quoted(before, one), label: one, hint, complete: true }));
}

function suggestFields(term: string): Suggestion[] {
  const not = term.startsWith("-") ? "-" : "";
  const typed = term.slice(not.length).toLowerCase();
  return Object.entries(FILTER_FIELDS)
    .filter(([field]) => field.startsWith(typed))
    .map(([field, { hint, example }]) => ({
      insert: `${not}${field}:`,
      label: `${not}${field}:`,
      hint: `${hint}, as in ${example}`,
      complete: false,
    }));
}

function valuesOf(field: string, known: KnownNames): readonly (readonly [value: string, hint: string])[] {
  if (field === "source") return known.sources.map((name) => [name, "source"] as const);
  if (field === "topic") return topicFilters(known.topics);
  const choices = FILTER_FIELDS[field as keyof typeof FILTER_FIELDS].choices;
  return PRESETS[field] ?? (choices ?? []).map((choice) => [choice, field] as const);
}

/** The topics themselves, and for each level above several of them the filter that takes them all. */
function topicFilters(topics: readonly string[]): (readonly [string, string])[] {
  const below = new Map<string, number>();
  for (const topic of topics) {
    const levels = topic.split("/");
    for (let depth = 1; depth < levels.length; depth += 1) {
      const filter = `${levels.slice(0, depth).join("/")}/#`;
      below.set(filter, (below.get(filter) ?? 0) + 1);
    }
  }
  const wide = [...below].filter(([, count]) => count > 1).map(([filter, count]) => [filter, `${count} topics`] as const);
  return [...wide, ...topics.map((topic) => [topic, "topic"] as const)];
}

function quoted(before: string, value: string): string {
  if (before.includes('"') || !/\s/.test(value)) return before + value;
  const colon = before.indexOf(":") + 1;
  return `${before.slice(0, colon)}"${before.slice(colon)}${value}"`;
}
