import { SAMPLES, type RateHistory } from "../state/device-list.ts";

interface TrafficSparkProps {
  readonly rates: RateHistory;
  readonly width: number;
  readonly height: number;
}

/** The last minute's events from a device (upwards) and to it (downwards), one bar a second; what it shows is said beside it. */
export function TrafficSpark({ rates, width, height }: TrafficSparkProps) {
  const most = Math.max(...rates.received, ...rates.sent, 0);
  const hasBoth = rates.received.some((rate) => rate > 0) && rates.sent.some((rate) => rate > 0);
  const base = hasBoth ? height / 2 : rates.sent.some((rate) => rate > 0) ? 0.5 : height - 0.5;
  const room = hasBoth ? height / 2 - 1 : height - 1.5;
  const step = width / SAMPLES;
  const bars = (values: readonly number[], direction: 1 | -1): string =>
    values
      .map((rate, at) => {
        if (rate === 0 || most === 0) return "";
        const x = width - (values.length - at) * step;
        // Square root: a device that speaks once beside a flood is still seen.
        const length = Math.max(1.5, Math.sqrt(rate / most) * room) * direction;
        return `M${x.toFixed(2)} ${base}v${length.toFixed(1)}h${(step * 0.72).toFixed(2)}V${base}z`;
      })
      .join("");
  return (
    <svg
      className="traffic-spark"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path className="traffic-spark__base" d={`M0 ${base}H${width}`} />
      {most > 0 && <path className="traffic-spark__in" d={bars(rates.received, -1)} />}
      {most > 0 && <path className="traffic-spark__out" d={bars(rates.sent, 1)} />}
    </svg>
  );
}
