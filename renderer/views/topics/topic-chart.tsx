import { X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { Segments } from "../../components/segments.tsx";
import { bucketsOf, nearestPoint, summarise, type ChartSpan } from "../../format/history-series.ts";
import { toFieldName, toNumber } from "../../format/number.ts";
import { plural } from "../../format/quantity.ts";
import { toClock, toListTime, toSpan } from "../../format/time.ts";
import {
  CHART_RANGES,
  MAX_CHOSEN,
  createTopicChart,
  type ChartRange,
  type TopicChart as Chart,
  type TopicChartView,
} from "../../state/topic-chart.ts";
import { useBrush, type Span } from "../events/use-brush.ts";

const LinePlot = lazy(async () => ({ default: (await import("./line-plot.tsx")).LinePlot }));

/** Plots below each other are lower the more there are. */
const HEIGHTS = [150, 112, 92, 80] as const;
const AXIS_HEIGHT = 22;
/** Where there is room for it, plots are half as high again. */
const TALL_WINDOW = 1000;
const RANGES = (Object.keys(CHART_RANGES) as ChartRange[]).map((id) => ({ id, label: id }));

/** The numbers of one topic over time, if it has any. Dragging over them, or arrow keys and Enter, shows that stretch in finer steps. */
export function TopicChart({ topic, newestSeq }: { readonly topic: string; readonly newestSeq: number }) {
  const { connection, hub } = useApp();
  const [chart] = useState(() => createTopicChart(connection, topic, hub.now));
  useEffect(() => chart.start(), [chart]);
  useEffect(() => chart.noteNew(newestSeq), [chart, newestSeq]);
  return <Drawn chart={chart} />;
}

function Drawn({ chart }: { readonly chart: Chart }) {
  const view = useReadable(chart.view);
  const { fields, chosen, span, zoomed, range, points, status, reason } = view;
  const count = bucketsOf(span);
  const timeAt = (bucket: number): number => span.from + bucket * span.bucketMs;
  const brush = useBrush(count, (first, last) => chart.zoom(timeAt(first), timeAt(last + 1)));
  if (fields === null && status !== "failed") return <section className="chart chart--waiting" aria-busy="true" />;
  if (fields?.length === 0 && chosen.length === 0) return null;
  const least = HEIGHTS[Math.min(chosen.length, HEIGHTS.length) - 1] ?? HEIGHTS[0];
  const height = window.innerHeight >= TALL_WINDOW ? Math.round(least * 1.5) : least;
  const { span: pointed } = brush;
  const names = [...new Set([...chosen, ...(fields ?? [])])];

  return (
    <section className="chart" aria-label="Chart">
      <div className="chart__bar">
        <span className="chart__note" role={status === "failed" ? "alert" : undefined}>
          {status === "failed" ? `The values could not be read. ${reason}` : noteOf(view, pointed)}
        </span>
        {zoomed ? (
          <Button className="button button--small" onPress={() => chart.setRange(range)}>
            <X size={12} aria-hidden="true" />
            Reset zoom
          </Button>
        ) : (
          <Segments label="Range" choices={RANGES} value={range} onChange={chart.setRange} />
        )}
      </div>
      {names.length > 1 && (
        <ToggleButtonGroup
          className="chart__fields"
          aria-label={`Fields, at most ${MAX_CHOSEN}`}
          selectionMode="multiple"
          selectedKeys={chosen}
          onSelectionChange={(keys) => {
            const next = names.filter((field) => keys.has(field));
            chart.choose(next.length > MAX_CHOSEN ? next.filter((field) => field !== chosen[0]) : next);
          }}
        >
          {names.map((field) => (
            <ToggleButton
              key={field}
              id={field}
              className={`chart__field${chosen.includes(field) ? ` chart__field--${chosen.indexOf(field) + 1}` : ""}`}
            >
              {toFieldName(field)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      )}
      <div className="chart__plots">
        {chosen.map((field, at) => {
          const own = points.get(field) ?? [];
          const isLast = at === chosen.length - 1;
          return (
            <div key={field} className={`chart__plot chart__plot--${at + 1}`}>
              <Legend field={field} view={view} pointed={pointed} />
              <Suspense fallback={<div style={{ height: height + (isLast ? AXIS_HEIGHT : 0) }} />}>
                <LinePlot
                  points={own}
                  span={span}
                  colour={`--chart-${at + 1}`}
                  height={height + (isLast ? AXIS_HEIGHT : 0)}
                  axisHeight={isLast ? AXIS_HEIGHT : 0}
                />
              </Suspense>
            </div>
          );
        })}
        <div
          className="chart__brush"
          role="slider"
          tabIndex={0}
          aria-label="Time"
          aria-valuemin={0}
          aria-valuemax={count - 1}
          aria-valuenow={pointed?.last ?? count - 1}
          aria-valuetext={valueText(view, pointed)}
          {...brush.handlers}
          onDoubleClick={() => zoomed && chart.setRange(range)}
        >
          {pointed && (
            <span
              className={pointed.first === pointed.last ? "chart__cursor" : "chart__span"}
              style={{ left: `${(pointed.first / count) * 100}%`, width: `${((pointed.last - pointed.first + 1) / count) * 100}%` }}
            />
          )}
        </div>
      </div>
    </section>
  );
}

/** The field's values where one points, or over the whole stretch. */
function Legend({ field, view, pointed }: { readonly field: string; readonly view: TopicChartView; readonly pointed: Span | null }) {
  const own = view.points.get(field) ?? [];
  const facts = factsOf(own, view.span, pointed);
  return (
    <p className="chart__legend">
      <strong>{toFieldName(field)}</strong>
      {facts.map(([name, value]) => (
        <span key={name} className="chart__fact">
          {name} <b>{value}</b>
        </span>
      ))}
      {own.length === 0 && view.status === "ready" && <span className="chart__fact">no values in this time</span>}
    </p>
  );
}

type Fact = readonly [name: string, value: string];

function factsOf(points: NonNullable<ReturnType<TopicChartView["points"]["get"]>>, span: ChartSpan, pointed: Span | null): Fact[] {
  if (pointed && pointed.first === pointed.last) {
    const time = span.from + (pointed.first + 0.5) * span.bucketMs;
    const point = nearestPoint(points, time, span.bucketMs, (span.to - span.from) / 12);
    if (!point) return [];
    if (point.count === 1) return [["value", toNumber(point.avg)]];
    return [
      ["mean", toNumber(point.avg)],
      ["min", toNumber(point.min)],
      ["max", toNumber(point.max)],
    ];
  }
  const from = pointed ? span.from + pointed.first * span.bucketMs : span.from;
  const to = pointed ? span.from + (pointed.last + 1) * span.bucketMs : span.to;
  const summary = summarise(points.filter(({ at }) => at >= from && at < to));
  if (!summary) return [];
  return [
    ...(pointed ? [] : [["last", toNumber(points.at(-1)!.avg)] as const]),
    ["min", toNumber(summary.min)],
    ["mean", toNumber(summary.mean)],
    ["max", toNumber(summary.max)],
  ];
}

function noteOf(view: TopicChartView, pointed: Span | null): string {
  const { span, knownFrom, points, chosen, status, zoomed, range } = view;
  if (pointed) {
    const from = span.from + pointed.first * span.bucketMs;
    const to = span.from + (pointed.last + 1) * span.bucketMs;
    if (pointed.last > pointed.first) return `${clockText(from, span)} – ${clockText(to, span)} · release to zoom`;
    return clockText(from, span);
  }
  if (status === "loading") return "Reading…";
  const values = Math.max(0, ...chosen.map((field) => summarise(points.get(field) ?? [])?.count ?? 0));
  const counted = `${plural(values, "value")} in ${zoomed || range === "All" ? toSpan(span.to - span.from) : range}`;
  return knownFrom > span.from ? `${counted}, read back to ${clockText(knownFrom, span)}` : counted;
}

/** What a screen reader says in place of the picture. */
function valueText(view: TopicChartView, pointed: Span | null): string {
  const parts = view.chosen.map((field) => {
    const facts = factsOf(view.points.get(field) ?? [], view.span, pointed).map(([name, value]) => `${name} ${value}`);
    return `${toFieldName(field)}: ${facts.length > 0 ? facts.join(", ") : "no values"}`;
  });
  return [noteOf(view, pointed), ...parts].join(". ");
}

function clockText(time: number, { from, to, bucketMs }: ChartSpan): string {
  if (to - from > 20 * 3_600_000) return toListTime(time, 0);
  return toClock(time, bucketMs < 1000);
}
