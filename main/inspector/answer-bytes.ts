/** An answer is seldom longer than half of it, but for a moment it is there as objects, as text and as bytes. */
const LARGE_BYTES = 4 * 1024 * 1024;
const SMALL_BYTES = 1024;

/** Answers of all links and of REST that are being made or wait to be read, together. */
export const MAX_ALL_ANSWER_BYTES = 48 * 1024 * 1024;

/** What is taken of a budget for a call's answer before it is known. Publishing is small, and goes on by the thousand. */
export function answerBytes(call: string): number {
  return call === "events.publish" ? SMALL_BYTES : LARGE_BYTES;
}
