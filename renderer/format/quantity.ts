const SIZE_UNITS = ["KB", "MB", "GB", "TB"] as const;

/** `512 B`, `1.2 KB`, `10 MB`; steps of 1024, as the filter language's `10k`. */
export function toSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 9.95 ? Number(value.toFixed(1)) : Math.round(value)} ${SIZE_UNITS[unit]}`;
}

const grouped = new Intl.NumberFormat("en-US");

/** `1,234,567`. */
export function toCount(value: number): string {
  return grouped.format(value);
}

/** `999`, `1.2k`, `34k`, `5.6M`: for places of little room. */
export function toShortCount(value: number): string {
  if (value < 1000) return String(Math.round(value));
  const [scaled, unit] = value < 999_500 ? [value / 1000, "k"] : [value / 1_000_000, "M"];
  return `${scaled < 9.95 ? Number(scaled.toFixed(1)) : Math.round(scaled)}${unit}`;
}

/** `1 event`, `2 events`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${toCount(count)} ${count === 1 ? one : many}`;
}
