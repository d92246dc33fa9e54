import { memo, type ReactNode } from "react";

const WIDTH = 72;
const HEIGHT = 18;
const PAD = 2;

/** The shape of the last values as a line; read out by the row it stands in. */
export const ValueSparkline = memo(function ValueSparkline({ values }: { readonly values: readonly number[] }) {
  if (values.length < 2) return <Frame />;
  const min = Math.min(...values);
  const range = Math.max(...values) - min;
  const points = values.map((value, at) => {
    const x = PAD + (at / (values.length - 1)) * (WIDTH - 2 * PAD);
    const y = range === 0 ? HEIGHT / 2 : HEIGHT - PAD - ((value - min) / range) * (HEIGHT - 2 * PAD);
    return [x.toFixed(1), y.toFixed(1)] as const;
  });
  const [x, y] = points.at(-1)!;
  return (
    <Frame>
      <polyline className="spark__line" points={points.map((point) => point.join(",")).join(" ")} />
      <circle className="spark__dot" cx={x} cy={y} r="1.7" />
    </Frame>
  );
});

const BAR = 3;

/** How much came of late, as bars: for what has no numbers. */
export const RateSparkline = memo(function RateSparkline({ rates }: { readonly rates: readonly number[] }) {
  const most = Math.max(...rates, 0);
  if (most === 0) return <Frame />;
  const shown = rates.slice(-Math.floor(WIDTH / BAR));
  const path = shown.map((rate, at) => {
    const height = rate === 0 ? 0 : Math.max(1.5, (rate / most) * (HEIGHT - 2));
    return height === 0 ? "" : `M${WIDTH - (shown.length - at) * BAR} ${HEIGHT}v${(-height).toFixed(1)}h${BAR - 1}V${HEIGHT}z`;
  });
  return (
    <Frame>
      <path className="spark__bars" d={path.join("")} />
    </Frame>
  );
});

function Frame({ children }: { readonly children?: ReactNode }) {
  return (
    <svg className="spark" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {children}
    </svg>
  );
}
