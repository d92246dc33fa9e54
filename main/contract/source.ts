import type { HeaderList } from "./event.ts";

/** What a source answers to an event it has stored. A null body stands for the default, `{"id","seq"}` as JSON. */
export interface SourceAnswer {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string | null;
  readonly delayMs: number;
}

export const DEFAULT_ANSWER: SourceAnswer = { status: 200, headers: [], body: null, delayMs: 0 };
export const MAX_ANSWER_DELAY_MS = 30_000;

/** A configured way in for webhooks: `/in/<name>`. */
export interface Source {
  readonly name: string;
  readonly createdAt: number;
  readonly answer: SourceAnswer;
}

export const SOURCE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
