import type { EventState, Verdict } from "../contract/event.ts";
import { KIND_FIELDS } from "./stored-codes.ts";

/**
 * A term is what an event can be looked up by in `postings`: a value (a dictionary id, or a position in a list) and
 * what it is a value of, in one integer.
 */
const TERM_FIELDS = ["topic", "source", "protocol", "state", "verdict", "status"] as const;
export type TermField = (typeof TERM_FIELDS)[number];
const FIELD_SPAN = 8;

export function toTerm(field: TermField, value: number): number {
  return value * FIELD_SPAN + TERM_FIELDS.indexOf(field);
}

/** What nearly all events have is not indexed: looking it up would cost more than reading the events in order. */
const COMMON_STATE: EventState = "accepted";
const COMMON_VERDICT: Verdict = "not-configured";
const COMMON_STATUS_CLASS = 2;

/** A row of `events` as far as terms go. */
export interface TermColumns {
  readonly kind: number;
  readonly topicId: number;
  readonly sourceId: number | null;
  readonly status: number | null;
}

export function termsOf({ kind, topicId, sourceId, status }: TermColumns): number[] {
  const terms = [toTerm("topic", topicId), toTerm("protocol", codeIn("protocol", kind))];
  if (sourceId !== null) terms.push(toTerm("source", sourceId));
  const state = codeIn("state", kind);
  const verdict = codeIn("verdict", kind);
  if (KIND_FIELDS.state.values[state] !== COMMON_STATE) terms.push(toTerm("state", state));
  if (KIND_FIELDS.verdict.values[verdict] !== COMMON_VERDICT) terms.push(toTerm("verdict", verdict));
  if (status !== null && statusClass(status) !== COMMON_STATUS_CLASS) terms.push(toTerm("status", statusClass(status)));
  return terms;
}

/** The terms that stand for any of these values; null when one of them is not indexed. */
export function termsForValues(field: "protocol" | "state" | "verdict", values: readonly string[]): number[] | null {
  if (values.includes(COMMON_STATE) || values.includes(COMMON_VERDICT)) return null;
  return values.map((value) => toTerm(field, (KIND_FIELDS[field].values as readonly string[]).indexOf(value)));
}

/** The terms of all classes that have a status in the range; null when one of them is not indexed, or there are too many. */
export function termsForStatuses(lowest: number, highest: number): number[] | null {
  const first = statusClass(Math.max(100, lowest));
  const last = statusClass(Math.min(999, highest));
  if (first <= COMMON_STATUS_CLASS && last >= COMMON_STATUS_CLASS) return null;
  if (lowest < 100 || highest < lowest) return null;
  return Array.from({ length: last - first + 1 }, (_, index) => toTerm("status", first + index));
}

function codeIn(field: keyof typeof KIND_FIELDS, kind: number): number {
  return (kind >> KIND_FIELDS[field].shift) & KIND_FIELDS[field].mask;
}

function statusClass(status: number): number {
  return Math.floor(status / 100);
}
