import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { HistoryPoint } from "../../../main/contract/topic-view.ts";
import { useReadable } from "../../components/app-context.tsx";
import { useWidth } from "../../components/use-width.ts";
import { toColumns, type ChartSpan } from "../../format/history-series.ts";
import { toNumber } from "../../format/number.ts";
import { toClock, toListTime } from "../../format/time.ts";
import { theme } from "../../state/theme.ts";

/** Room for the numbers at the left; the brush over the plots leaves it out too (topics.css). */
const AXIS_WIDTH = 56;
const RIGHT = 20;
/** More points are a line without dots. */
const MAX_DOTS = 60;

interface LinePlotProps {
  readonly points: readonly HistoryPoint[];
  readonly span: ChartSpan;
  /** The name of a colour of tokens.css. */
  readonly colour: string;
  readonly height: number;
  /** Of the times below the plot; 0 leaves them out. */
  readonly axisHeight: number;
}

/** Means as a line in a band from least to greatest, drawn by uPlot. What it shows is said in words beside it. */
export function LinePlot(props: LinePlotProps) {
  // Other colours make another drawing.
  return <Plot key={useColourScheme()} {...props} />;
}

function Plot({ points, span, colour, height, axisHeight }: LinePlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const width = useWidth(frame);
  const isReady = width > 0;
  const drawNow = useEffectEvent(() => draw(plot.current, points, span));

  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || !isReady) return;
    const [line, band, text, grid] = readColours(element, [colour, `${colour}-band`, "--text-3", "--line"]);
    // uPlot scales whole pixels only.
    const axis = { stroke: text!, font: '11px "Inter Variable", sans-serif', ticks: { show: false } };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        ms: 1,
        padding: [6, RIGHT, axisHeight === 0 ? 4 : 0, 0],
        cursor: { show: false },
        legend: { show: false },
        scales: { x: { time: true }, y: { range: (_plot, min, max) => yRange(min, max) } },
        axes: [
          {
            ...axis,
            show: axisHeight > 0,
            size: axisHeight,
            gap: 3,
            space: 70,
            grid: { stroke: grid!, width: 1 },
            values: (_plot, times, _axis, _space, step) => times.map((time) => timeText(time, step)),
          },
          {
            ...axis,
            size: AXIS_WIDTH,
            gap: 6,
            space: 28,
            grid: { stroke: grid!, width: 1 },
            values: (_plot, values) => values.map(toNumber),
          },
        ],
        series: [
          {},
          { stroke: "transparent", points: { show: false } },
          { stroke: "transparent", points: { show: false } },
          { stroke: line!, width: 1.5, points: { show: (_plot, _series, from, to) => to - from <= MAX_DOTS, size: 4, fill: line! } },
        ],
        bands: [{ series: [2, 1], fill: band! }],
      },
      [[], [], [], []],
      element,
    );
    plot.current = made;
    drawNow();
    return () => {
      made.destroy();
      plot.current = null;
    };
  }, [isReady, colour, height, axisHeight]);

  useLayoutEffect(() => {
    plot.current?.setSize({ width, height });
  }, [width, height]);

  useLayoutEffect(() => draw(plot.current, points, span), [points, span]);

  return <div ref={frame} className="line-plot" style={{ height }} aria-hidden="true" />;
}

function draw(plot: uPlot | null, points: readonly HistoryPoint[], span: ChartSpan): void {
  const { at, min, max, mean } = toColumns(points, span.bucketMs);
  plot?.setData([at, min, max, mean], false);
  plot?.setScale("x", { min: span.from, max: span.to });
}

/** A little air above and below; a value that never changes runs through the middle. */
function yRange(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  if (min === max) return [min - Math.max(1, Math.abs(min) * 0.05), max + Math.max(1, Math.abs(max) * 0.05)];
  const air = (max - min) * 0.08;
  return [min - air, max + air];
}

function timeText(time: number, stepMs: number): string {
  const at = new Date(time);
  if (stepMs >= 86_400_000 || (at.getHours() === 0 && at.getMinutes() === 0 && stepMs >= 60_000)) return toListTime(time, 0).slice(0, 6);
  return stepMs < 1000 ? toClock(time).slice(3) : stepMs < 60_000 ? toClock(time, false) : toClock(time, false).slice(0, 5);
}

/** A canvas knows no custom properties: an element is asked what they come to. */
function readColours(parent: HTMLElement, names: readonly string[]): string[] {
  const probe = parent.appendChild(document.createElement("span"));
  const colours = names.map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}

/** Changes whenever colours do: by the theme chosen here, or the system's. */
function useColourScheme(): string {
  const chosen = useReadable(theme);
  const [dark, setDark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const media = matchMedia("(prefers-color-scheme: dark)");
    const change = (): void => setDark(media.matches);
    media.addEventListener("change", change);
    return () => media.removeEventListener("change", change);
  }, []);
  return `${chosen} ${dark}`;
}
