import { X } from "lucide-react";
import { Button, ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { fieldOf, splitTerms, withTerms, withoutField } from "../../format/filter-terms.ts";
import { plural, toShortCount } from "../../format/quantity.ts";
import { toClock, toListTime, toLocalIso, toSpan } from "../../format/time.ts";
import { bucketLength } from "../../state/time-buckets.ts";
import { RANGES, type RangeName } from "../../state/timeline.ts";
import { useBrush } from "./use-brush.ts";

/** How many matching events came when; dragging over it, or arrow keys and Enter, shows that stretch alone. */
export function TimelineChart() {
  const { timeline, router, hub } = useApp();
  const { buckets, range, zoomed, countedFrom, status } = useReadable(timeline.view);
  const { filter } = useReadable(router.route);
  const { counts } = buckets;
  const length = bucketLength(buckets);
  const timeAt = (bucket: number): number => Math.round(buckets.from + bucket * length);
  const brush = useBrush(counts.length, (first, last) =>
    router.go({ filter: withTerms(filter, { after: toLocalIso(timeAt(first)), before: toLocalIso(timeAt(last + 1)) }) }),
  );
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const { span } = brush;
  const spanText = span
    ? `${clockText(timeAt(span.first), length)} – ${clockText(timeAt(span.last + 1), length)} · ${plural(sum(counts, span), "event")}`
    : `${plural(total, "event")} in ${zoomed ? toSpan(buckets.to - buckets.from) : range}`;
  const unknown = countedFrom > buckets.from ? Math.min(counts.length, (countedFrom - buckets.from) / length) : 0;

  return (
    <section className="timeline" aria-label="Rate">
      <div className="timeline__bar">
        <span className={span ? "timeline__text timeline__text--span" : "timeline__text"}>
          {status === "failed" ? "The counts could not be read." : spanText}
          {status !== "failed" && !span && unknown > 0 ? ` since ${toListTime(countedFrom, hub.now())}; older ones are not counted` : ""}
        </span>
        <IndexLag filter={filter} />
        {span && <span className="timeline__hint">{brush.dragging ? "release to zoom" : "drag to zoom"}</span>}
        {zoomed ? (
          <Button className="button button--small" onPress={() => router.go({ filter: withoutField(filter, "after", "before") })}>
            <X size={12} aria-hidden="true" />
            Clear zoom
          </Button>
        ) : (
          <ToggleButtonGroup
            className="segments"
            aria-label="Range"
            selectedKeys={[range]}
            disallowEmptySelection
            onSelectionChange={(keys) => timeline.setRange([...keys][0] as RangeName)}
          >
            {Object.keys(RANGES).map((name) => (
              <ToggleButton key={name} id={name} className="segments__item">
                {name}
              </ToggleButton>
            ))}
          </ToggleButtonGroup>
        )}
      </div>
      <div className="timeline__plot">
        <span className="timeline__most" aria-hidden="true">
          {total > 0 && toShortCount(most)}
        </span>
        <div
          className="timeline__brush"
          role="slider"
          tabIndex={0}
          aria-label="Time"
          aria-valuemin={0}
          aria-valuemax={counts.length - 1}
          aria-valuenow={span?.last ?? counts.length - 1}
          aria-valuetext={spanText}
          {...brush.handlers}
        >
          <svg viewBox={`0 0 ${counts.length} 100`} preserveAspectRatio="none" aria-hidden="true">
            {unknown > 0 && <rect className="timeline__unknown" x="0" y="0" width={unknown} height="100" />}
            <path className="timeline__bars" d={barsPath(counts, most)} />
            {span && <rect className="timeline__span" x={span.first} y="0" width={span.last - span.first + 1} height="100" />}
          </svg>
        </div>
        <div className="timeline__axis" aria-hidden="true">
          {[0, 0.25, 0.5, 0.75, 1].map((part) => (
            <span key={part}>{clockText(buckets.from + part * (buckets.to - buckets.from), length)}</span>
          ))}
        </div>
      </div>
    </section>
  );
}

/** Said while words are searched for and the index has not reached the newest events. */
function IndexLag({ filter }: { readonly filter: string }) {
  const { hub } = useApp();
  const lag = useReadable(hub.status)?.log.indexLag ?? 0;
  const searches = splitTerms(filter).some((term) => fieldOf(term) === null);
  if (!searches || lag === 0) return null;
  return <span className="timeline__hint">search index {plural(lag, "event")} behind, those are read directly</span>;
}

/** All bars as one shape; the least count is still seen. */
function barsPath(counts: readonly number[], most: number): string {
  let path = "";
  for (const [at, count] of counts.entries()) {
    if (count === 0) continue;
    const height = Math.max(6, (count / most) * 100);
    path += `M${at + 0.14} 100V${(100 - height).toFixed(1)}h.72V100z`;
  }
  return path;
}

function sum(counts: readonly number[], span: { readonly first: number; readonly last: number }): number {
  return counts.slice(span.first, span.last + 1).reduce((total, count) => total + count, 0);
}

function clockText(time: number, bucketMs: number): string {
  return bucketMs < 10_000 ? toClock(time, bucketMs < 1000) : toClock(time, false).slice(0, 5);
}
