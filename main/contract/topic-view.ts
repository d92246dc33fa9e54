/** One level of the topic tree: a topic, or what topics have in common, or both. */
export interface TopicNode {
  /** The last level of `topic`. */
  readonly name: string;
  readonly topic: string;
  /** Events were published to exactly this topic. */
  readonly isTopic: boolean;
  /** Topics below it; counted to MAX_COUNTED_TOPICS. */
  readonly below: number;
  /** Events on it and below since the hub started, and in the last seconds. */
  readonly count: number;
  readonly perSecond: number;
  /** Of the newest event on it or below; 0 and null when the log has none any more. */
  readonly lastSeq: number;
  readonly lastAt: number | null;
  /** The beginning of its own newest event's body as text; null when it is binary or there is none. */
  readonly preview: string | null;
  /** There is a retained event on exactly this topic. */
  readonly retained: boolean;
  /** Its id; null without one. */
  readonly retainedId: string | null;
}

export const MAX_COUNTED_TOPICS = 1000;

export interface TopicTree {
  readonly parent: string | null;
  readonly nodes: readonly TopicNode[];
  readonly more: boolean;
}

/** The values of the first numeric field of a topic's newest event in its newest events, oldest first. */
export interface TopicValues {
  /** A JSON pointer, as in TopicHistory. */
  readonly field: string;
  readonly values: readonly number[];
}

/** A level as a line of the tree shows it. */
export interface TopicLine extends TopicNode {
  /** Null where its own newest event has no numbers. */
  readonly recent: TopicValues | null;
}

export interface TopicLines {
  readonly nodes: readonly TopicLine[];
  /** How many topics the log knows: grows with each new one. */
  readonly known: number;
}

/** What can be asked for at once. */
export const MAX_LINES = 200;
export const MAX_RECENT_VALUES = 60;

/** A bucket of a field's values; buckets without any are left out. */
export interface HistoryPoint {
  /** Where the bucket begins, epoch ms. */
  readonly at: number;
  readonly min: number;
  readonly max: number;
  readonly avg: number;
  readonly count: number;
}

export interface TopicHistory {
  readonly from: number;
  readonly to: number;
  readonly bucketMs: number;
  /** Numeric fields of the topic's newest event as JSON pointers (RFC 6901); "" is a payload that is a number itself. */
  readonly fields: readonly string[];
  /** Whose points these are; null when there is no numeric field. */
  readonly field: string | null;
  readonly points: readonly HistoryPoint[];
  /** False when the search stopped at its bound; nothing is known before `knownFrom`. */
  readonly complete: boolean;
  readonly knownFrom: number;
}

export const MAX_HISTORY_FIELDS = 32;
