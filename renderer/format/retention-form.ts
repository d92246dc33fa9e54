import { LEAST_KEPT, type Retention } from "../../main/contract/settings.ts";
import type { LogStatus } from "../../main/contract/status.ts";
import { plural, toCount, toSize } from "./quantity.ts";

export const TIME_UNITS = { min: 60_000, h: 3_600_000, d: 86_400_000 } as const;
export const SIZE_UNITS = { MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 } as const;
export type TimeUnit = keyof typeof TIME_UNITS;
export type SizeUnit = keyof typeof SIZE_UNITS;

/** One bound as it stands in the form; `isOn` false: no bound, and what was typed is kept for when it is on again. */
export interface BoundForm<U extends string> {
  readonly isOn: boolean;
  readonly amount: string;
  readonly unit: U;
}

export interface RetentionForm {
  readonly time: BoundForm<TimeUnit>;
  readonly events: BoundForm<"events">;
  readonly bytes: BoundForm<SizeUnit>;
}

export function toRetentionForm({ keepForMs, keepEvents, keepBytes }: Retention): RetentionForm {
  return {
    time: toBound(keepForMs, TIME_UNITS, { amount: "30", unit: "d" }),
    events: toBound(keepEvents, { events: 1 }, { amount: "1,000,000", unit: "events" }),
    bytes: toBound(keepBytes, SIZE_UNITS, { amount: "10", unit: "GB" }),
  };
}

/** In the largest unit that takes few digits and loses nothing; what no unit takes evenly is written with a fraction of the smallest. */
function toBound<U extends string>(
  value: number | null,
  units: Readonly<Record<U, number>>,
  proposed: Omit<BoundForm<U>, "isOn">,
): BoundForm<U> {
  if (value === null) return { isOn: false, ...proposed };
  const largestFirst = (Object.entries(units) as [U, number][]).toSorted(([, a], [, b]) => b - a);
  const even = largestFirst.find(([, size]) => value % size === 0);
  const [unit, size] = even ?? largestFirst.at(-1)!;
  return { isOn: true, amount: even ? toCount(value / size) : String(value / size), unit };
}

export interface RetentionFaults {
  readonly time: string | null;
  readonly events: string | null;
  readonly bytes: string | null;
}

export function retentionFaults({ time, events, bytes }: RetentionForm): RetentionFaults {
  return {
    time: boundFault(time, TIME_UNITS, LEAST_KEPT.keepForMs, "1 second"),
    events: boundFault(events, { events: 1 }, LEAST_KEPT.keepEvents, "1 event"),
    bytes: boundFault(bytes, SIZE_UNITS, LEAST_KEPT.keepBytes, toSize(LEAST_KEPT.keepBytes)),
  };
}

function boundFault<U extends string>(
  bound: BoundForm<U>,
  units: Readonly<Record<U, number>>,
  least: number,
  leastText: string,
): string | null {
  if (!bound.isOn) return null;
  const value = toValue(bound, units);
  if (value === null) return "Type a number, like 30.";
  if (value < least) return `At least ${leastText}.`;
  return Number.isSafeInteger(value) ? null : "This is more than any log can hold. Switch the bound off instead.";
}

/** What the hub takes; only for a form without faults. */
export function fromRetentionForm({ time, events, bytes }: RetentionForm): Retention {
  return {
    keepForMs: toValue(time, TIME_UNITS),
    keepEvents: toValue(events, { events: 1 }),
    keepBytes: toValue(bytes, SIZE_UNITS),
  };
}

/** Digits may be grouped by commas, spaces or underscores. */
function toValue<U extends string>({ isOn, amount, unit }: BoundForm<U>, units: Readonly<Record<U, number>>): number | null {
  const digits = amount.replaceAll(/[\s,_]/g, "");
  if (!isOn || !/^\d{1,16}(\.\d{1,20})?$/.test(digits)) return null;
  return Math.round(Number(digits) * units[unit]);
}

/** How many of the oldest events a bound would take away, as far as it can be told beforehand: pinned and retained ones stay. */
export function removedBy(
  { keepEvents, keepBytes }: Retention,
  log: Pick<LogStatus, "events" | "fileBytes" | "reusableBytes">,
  older: number,
): number {
  const tooMany = keepEvents === null ? 0 : Math.max(0, log.events - keepEvents);
  const used = log.fileBytes - log.reusableBytes;
  const tooBig = keepBytes === null || used <= keepBytes ? 0 : Math.round(log.events * (1 - keepBytes / used));
  return Math.min(log.events, Math.max(older, tooMany, tooBig));
}

/** A sentence for a person; null where nothing is bound. */
export function removalText(retention: Retention, removed: number, events: number): string | null {
  if (Object.values(retention).every((bound) => bound === null)) return null;
  if (removed === 0) return "Nothing that is stored now would be removed.";
  const about = removed === events ? `all ${plural(events, "event")}` : `about ${plural(removed, "event")} of ${plural(events, "event")}`;
  return `This removes ${about}, the oldest, for good. Pinned events and retained values stay.`;
}
