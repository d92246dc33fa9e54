/** The place in the log that an event's id names (`<log id>-<seq in base 36>`); null when it is no such id. */
export function seqOfId(id: string): number | null {
  const seq = Number.parseInt(/-([0-9a-z]+)$/.exec(id)?.[1] ?? "", 36);
  return Number.isSafeInteger(seq) ? seq : null;
}
