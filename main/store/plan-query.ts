import type { Comparison, Filter, FilterTerm } from "../contract/filter.ts";
import { termsForStatuses, termsForValues, toTerm } from "./index-terms.ts";
import { KIND_FIELDS } from "./stored-codes.ts";

/** More topics or sources than this are not looked up one by one: their events are read in order. */
const MAX_IDS_IN_SQL = 2000;

/** What the planner asks of the log's dictionaries. */
export interface Lookup {
  /** Ids of the topics that match any of the filters. */
  topicIds(filters: readonly string[]): readonly number[];
  /** Ids of those names that occur at all. */
  nameIds(names: readonly string[]): readonly number[];
}

/** A word that an event's text must hold; with `prefix`, the beginning of one. */
export interface WantedWord {
  readonly word: string;
  readonly prefix: boolean;
}

/** How to find the events that pass a filter. Whoever follows it checks each event against the filter again. */
export interface Plan {
  /** SQL over `events e` that every event meets which passes; `1` when the filter says nothing of its columns. */
  readonly where: string;
  /** Groups of index terms; an event that passes has one of each group. Any of them can be walked. */
  readonly groups: readonly (readonly number[])[];
  /** Words that the text of an event which passes holds. */
  readonly words: readonly WantedWord[];
  /** Bounds on when an event which passes was received. */
  readonly receivedFrom: number;
  readonly receivedBefore: number;
  /** `where`, `words` and nothing else decide: no event needs to be checked again. */
  readonly exact: boolean;
  /** No event can pass. */
  readonly empty: boolean;
}

interface Part {
  /** Null: not to be said in SQL. */
  readonly where: string | null;
  readonly group?: readonly number[] | null;
  readonly words?: readonly WantedWord[];
  readonly exact?: boolean;
}

export function planQuery(filter: Filter, lookup: Lookup): Plan {
  const where: string[] = [];
  const groups: (readonly number[])[] = [];
  const words: WantedWord[] = [];
  let receivedFrom = Number.NEGATIVE_INFINITY;
  let receivedBefore = Number.POSITIVE_INFINITY;
  let exact = true;
  for (const term of filter) {
    const part = toPart(term, lookup);
    if (part.where !== null) where.push(term.not ? `NOT ifnull((${part.where}), 0)` : `(${part.where})`);
    if (!term.not && part.group) groups.push(part.group);
    if (!term.not && part.words) words.push(...part.words);
    if (!(part.exact ?? true) || (term.not && term.field === "text")) exact = false;
    if (!term.not && term.field === "after") receivedFrom = Math.max(receivedFrom, term.at);
    if (!term.not && term.field === "before") receivedBefore = Math.min(receivedBefore, term.at);
  }
  const empty = groups.some((group) => group.length === 0) || receivedFrom >= receivedBefore;
  return { where: where.join(" AND ") || "1", groups, words, receivedFrom, receivedBefore, exact, empty };
}

function toPart(term: FilterTerm, lookup: Lookup): Part {
  switch (term.field) {
    case "topic":
      return anyOf("e.topic_id", "topic", lookup.topicIds(term.filters));
    case "source":
      return anyOf("e.source_id", "source", lookup.nameIds(term.values));
    case "method":
      return { where: isIn("e.method_id", lookup.nameIds(term.values)) };
    case "direction":
      return { where: kindIsIn(term.field, term.values) };
    case "protocol":
    case "state":
    case "verdict":
      return { where: kindIsIn(term.field, term.values), group: termsForValues(term.field, term.values) };
    case "status":
      return { where: `e.status ${term.op} ${term.value}`, group: termsForStatuses(...toRange(term.op, term.value)) };
    case "size":
      return { where: `e.size ${term.op} ${term.value}` };
    case "after":
      return { where: `e.received_at >= ${term.at}` };
    case "before":
      return { where: `e.received_at < ${term.at}` };
    case "text": {
      const last = term.words.length - 1;
      const words = term.words.map((word, index) => ({ word, prefix: term.prefix && index === last }));
      // Of several words the index knows that each occurs, not that they follow each other.
      return { where: null, words, exact: words.length === 1 };
    }
  }
}

function anyOf(column: string, field: "topic" | "source", ids: readonly number[]): Part {
  if (ids.length > MAX_IDS_IN_SQL) return { where: null, exact: false };
  return { where: isIn(column, ids), group: ids.map((id) => toTerm(field, id)) };
}

/** Ids come out of our own tables: integers, written into the statement. */
function isIn(column: string, ids: readonly number[]): string {
  return ids.length === 0 ? "0" : `${column} IN (${ids.join(",")})`;
}

function kindIsIn(field: keyof typeof KIND_FIELDS, values: readonly string[]): string {
  const { shift, mask, values: stored } = KIND_FIELDS[field];
  const codes = values.map((value) => (stored as readonly string[]).indexOf(value));
  return `(e.kind >> ${shift}) & ${mask} IN (${codes.join(",")})`;
}

/** The whole numbers a comparison allows, as [lowest, highest]. */
function toRange(op: Comparison, value: number): [lowest: number, highest: number] {
  switch (op) {
    case "=":
      return [value, value];
    case ">":
      return [Math.floor(value) + 1, Number.POSITIVE_INFINITY];
    case ">=":
      return [Math.ceil(value), Number.POSITIVE_INFINITY];
    case "<":
      return [0, Math.ceil(value) - 1];
    case "<=":
      return [0, Math.floor(value)];
  }
}
