/** How moments and spans are written. All moments are epoch ms, shown in the reader's own time zone. */
const two = (value: number): string => String(value).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** `14:03:22.123`, or `14:03:22` when `ms` is false. */
export function toClock(time: number, ms = true): string {
  const at = new Date(time);
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return ms ? `${clock}.${String(at.getMilliseconds()).padStart(3, "0")}` : clock;
}

/** What the list shows: the clock for today, the day and minute for any other day; both of twelve characters. */
export function toListTime(time: number, now: number): string {
  const at = new Date(time);
  const today = new Date(now);
  const sameDay = at.getFullYear() === today.getFullYear() && at.getMonth() === today.getMonth() && at.getDate() === today.getDate();
  return sameDay ? toClock(time) : `${two(at.getDate())} ${MONTHS[at.getMonth()]} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** `22 Nov 2026, 14:03:22.123`. */
export function toDateTime(time: number): string {
  const at = new Date(time);
  return `${at.getDate()} ${MONTHS[at.getMonth()]} ${at.getFullYear()}, ${toClock(time)}`;
}

/** `2026-11-22T14:03:22.123`: local time as the filter language reads it; seconds and milliseconds only when there are some. */
export function toLocalIso(time: number): string {
  const at = new Date(time);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T`;
  if (at.getMilliseconds()) return day + toClock(time);
  return at.getSeconds() ? day + toClock(time, false) : `${day}${two(at.getHours())}:${two(at.getMinutes())}`;
}

const STEPS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1000, "s"],
] as const;

/** `3 min ago`, `just now`, `in 5 s`. */
export function toRelative(time: number, now: number): string {
  const span = Math.abs(now - time);
  const step = STEPS.find(([length]) => span >= length);
  if (!step) return "just now";
  const text = `${Math.floor(span / step[0])} ${step[1]}`;
  return time <= now ? `${text} ago` : `in ${text}`;
}

/** A span with at most two units: `480 ms`, `2.5 s`, `4 min 10 s`, `2 h 5 min`, `3 d 4 h`. */
export function toSpan(lengthMs: number): string {
  if (lengthMs < 1000) return `${Math.round(lengthMs)} ms`;
  if (lengthMs < 60_000) return `${Number((lengthMs / 1000).toFixed(1))} s`;
  const index = STEPS.findIndex(([length]) => lengthMs >= length);
  const [length, unit] = STEPS[index]!;
  const [nextLength, nextUnit] = STEPS[index + 1]!;
  const rest = Math.floor((lengthMs % length) / nextLength);
  return `${Math.floor(lengthMs / length)} ${unit}${rest ? ` ${rest} ${nextUnit}` : ""}`;
}

/** `22 Nov 2026`. */
export function toDay(time: number): string {
  const at = new Date(time);
  return `${at.getDate()} ${MONTHS[at.getMonth()]} ${at.getFullYear()}`;
}
