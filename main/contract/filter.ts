import { refuse, accept, type Result } from "./errors.ts";
import { DIRECTIONS, EVENT_STATES, PROTOCOLS, VERDICTS, type EventSummary } from "./event.ts";
import { matchesTopic, topicFilterFault } from "./topic.ts";
import { isAscii, toWords } from "./words.ts";

/**
 * The inspector's filter language, used by the Events page, `signalbox tail` and the REST API:
 * `topic:sensors/# protocol:mqtt,webhook -source:github status:>=400 size:>10k after:-1h "free text" word*`
 * Terms are all required; commas inside a term mean "any of"; `-` in front means "not".
 */
export type FilterTerm =
  | { readonly field: "topic"; readonly not: boolean; readonly filters: readonly string[] }
  | { readonly field: OneOf; readonly not: boolean; readonly values: readonly string[] }
  | { readonly field: "status" | "size"; readonly not: boolean; readonly op: Comparison; readonly value: number }
  | { readonly field: "after" | "before"; readonly not: boolean; readonly at: number }
  | { readonly field: "text"; readonly not: boolean; readonly text: string; readonly words: readonly string[]; readonly prefix: boolean };

type OneOf = "protocol" | "source" | "verdict" | "state" | "direction" | "method";
export type Comparison = "=" | ">" | ">=" | "<" | "<=";
export type Filter = readonly FilterTerm[];

const CHOICES: Partial<Record<OneOf, readonly string[]>> = {
  protocol: PROTOCOLS,
  verdict: VERDICTS,
  state: EVENT_STATES,
  direction: DIRECTIONS,
};

/** Every field a person can name, with an example, for completion and help. */
export const FILTER_FIELDS: Readonly<
  Record<Exclude<FilterTerm["field"], "text">, { readonly hint: string; readonly example: string; readonly choices?: readonly string[] }>
> = {
  topic: { hint: "MQTT topic filter", example: "topic:sensors/#" },
  protocol: { hint: "the way it came in", example: "protocol:webhook", choices: PROTOCOLS },
  source: { hint: "webhook source", example: "source:github" },
  verdict: { hint: "signature verdict", example: "verdict:failed", choices: VERDICTS },
  state: { hint: "what became of it", example: "state:refused", choices: EVENT_STATES },
  direction: { hint: "in or out", example: "direction:in", choices: DIRECTIONS },
  method: { hint: "HTTP method", example: "method:POST" },
  status: { hint: "answered status", example: "status:>=400" },
  size: { hint: "body size", example: "size:>10k" },
  after: { hint: "not older than", example: "after:-1h" },
  before: { hint: "older than", example: "before:2026-01-31" },
};

const UNITS: Readonly<Record<string, number>> = { "": 1, b: 1, k: 1024, kb: 1024, m: 1024 ** 2, mb: 1024 ** 2 };
const SPANS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Parses a filter line. `now` (epoch ms) is what relative times like `-1h` count from. Refuses with FILTER_INVALID. */
export function parseFilter(line: string, now: number): Result<Filter> {
  const terms: FilterTerm[] = [];
  for (const { not, name, value } of split(line)) {
    const term = name === null ? textTerm(not, value) : fieldTerm(not, name, value, now);
    if (typeof term === "string") return refuse("FILTER_INVALID", term, { term: name === null ? value : `${name}:${value}` });
    if (term) terms.push(term);
  }
  return accept(terms);
}

interface Piece {
  readonly not: boolean;
  readonly name: string | null;
  readonly value: string;
}

function split(line: string): Piece[] {
  const pieces: Piece[] = [];
  for (const match of line.matchAll(/(-)?(?:([A-Za-z]+):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|(\S+))/g)) {
    const [, dash, name, quotedValue, plainValue, quoted, plain] = match;
    const not = dash === "-";
    if (name !== undefined && isField(name.toLowerCase()))
      pieces.push({ not, name: name.toLowerCase(), value: quotedValue ?? plainValue ?? "" });
    else if (name !== undefined && /^[a-z]+$/.test(name) && plainValue !== undefined && !plainValue.startsWith("//") && plainValue !== "")
      pieces.push({ not, name, value: plainValue });
    else if (name !== undefined) pieces.push({ not, name: null, value: `${name}:${quotedValue ?? plainValue ?? ""}` });
    else pieces.push({ not, name: null, value: quoted ?? plain ?? "" });
  }
  return pieces;
}

function textTerm(not: boolean, text: string): FilterTerm | null {
  const prefix = /[\p{L}\p{N}_]\*$/u.test(text);
  const plain = prefix ? text.slice(0, -1) : text;
  const words = toWords(plain);
  return words.length === 0 ? null : { field: "text", not, text: plain.toLowerCase(), words, prefix };
}

/** Not `in`: "constructor" is in every object. */
function isField(name: string): name is keyof typeof FILTER_FIELDS {
  return Object.hasOwn(FILTER_FIELDS, name);
}

function fieldTerm(not: boolean, field: string, value: string, now: number): FilterTerm | string {
  if (!isField(field))
    return `there is no field "${field}"; the fields are ${Object.keys(FILTER_FIELDS).join(", ")} (put quotes round text that contains a colon)`;
  if (value === "") return `"${field}:" needs a value, for example ${FILTER_FIELDS[field].example}`;
  switch (field) {
    case "topic": {
      const filters = value.split(",");
      const fault = filters.map(topicFilterFault).find((found) => found !== null);
      return fault ? `"${value}" is not a topic filter: ${fault}` : { field, not, filters };
    }
    case "status":
    case "size":
      return comparison(not, field, value);
    case "after":
    case "before": {
      const at = instant(value, now);
      return at === null ? `"${value}" is not a time; write -15m, -1h, -2d or a date like 2026-01-31T08:00` : { field, not, at };
    }
    default: {
      const values = value.split(",").map((one) => (field === "method" ? one.toUpperCase() : field === "source" ? one : one.toLowerCase()));
      const choices = CHOICES[field];
      const wrong = choices && values.find((one) => !choices.includes(one));
      return wrong === undefined ? { field, not, values } : `"${wrong}" is no ${field}; it can be ${choices!.join(", ")}`;
    }
  }
}

function comparison(not: boolean, field: "status" | "size", value: string): FilterTerm | string {
  const match = /^(>=|<=|>|<|=)?(\d+(?:\.\d+)?)([a-z]*)$/i.exec(value);
  const unit = (match?.[3] ?? "").toLowerCase();
  if (!match || !Object.hasOwn(UNITS, unit)) return `"${value}" is not a number to compare with, as in ${FILTER_FIELDS[field].example}`;
  return { field, not, op: (match[1] ?? "=") as Comparison, value: Number(match[2]) * UNITS[unit]! };
}

/** RFC 3339 dates and times, the latter also without seconds. Without a zone both are local, as they are shown. */
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})?)?$/i;

function instant(value: string, now: number): number | null {
  const span = /^-(\d+(?:\.\d+)?)([smhdw])$/.exec(value);
  if (span) return Math.round(now - Number(span[1]) * SPANS[span[2]!]!);
  if (/^\d{13}$/.test(value)) return Number(value);
  const [, date, time = "T00:00"] = DATE_TIME.exec(value) ?? [];
  const at = date === undefined ? Number.NaN : Date.parse(`${date}${time}`);
  return Number.isNaN(at) ? null : at;
}

/** The text that free-text terms search: topic, path and the beginning of the body. */
export type SearchText = () => string;

/** Does an event pass? `text` is only called when a free-text term needs it. */
export function passesFilter(filter: Filter, event: EventSummary, text: SearchText): boolean {
  return filter.every((term) => passesTerm(term, event, text) !== term.not);
}

function passesTerm(term: FilterTerm, event: EventSummary, text: SearchText): boolean {
  switch (term.field) {
    case "topic":
      return term.filters.some((filter) => matchesTopic(filter, event.topic));
    case "after":
      return event.time >= term.at;
    case "before":
      return event.time < term.at;
    case "status":
    case "size": {
      const value = event[term.field];
      return value !== null && compares(value, term.op, term.value);
    }
    case "text":
      return containsText(term, text());
    default: {
      const value = event[term.field];
      return value !== null && term.values.includes(value);
    }
  }
}

export function compares(value: number, op: Comparison, bound: number): boolean {
  switch (op) {
    case "=":
      return value === bound;
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
  }
}

/** One word: equal to a word of the text (or the beginning of one, with `*`). Several: the phrase as written, too. */
export function containsText(term: FilterTerm & { field: "text" }, text: string): boolean {
  const lower = text.toLowerCase();
  // Of most texts this is all that is done: finding words costs ten times as much.
  if (isAscii(text) && !term.words.every((word) => lower.includes(word))) return false;
  const have = new Set(toWords(text));
  const last = term.words.length - 1;
  const all = term.words.every(
    (word, index) => have.has(word) || (term.prefix && index === last && [...have].some((one) => one.startsWith(word))),
  );
  return all && (term.words.length === 1 || lower.includes(term.text));
}
