import { ChevronRight, Pin } from "lucide-react";
import { memo, type PointerEvent } from "react";
import type { TopicRow as Row } from "../../format/topic-rows.ts";
import { plural, toCount, toShortCount } from "../../format/quantity.ts";
import { toFieldName } from "../../format/number.ts";
import type { LiveLine } from "../../state/topic-lines.ts";
import { RateSparkline, ValueSparkline } from "./sparkline.tsx";

/** Deeper rows are not moved further to the right. */
const MAX_INDENT = 14;

interface TopicRowProps {
  readonly row: Extract<Row, { kind: "node" }>;
  readonly id: string;
  readonly top: number;
  readonly line: LiveLine | undefined;
  /** How long ago the newest event came, in words. */
  readonly age: string;
  readonly isActive: boolean;
  readonly isShown: boolean;
  readonly onChoose: (row: Extract<Row, { kind: "node" }>) => void;
  readonly onToggle: (row: Extract<Row, { kind: "node" }>) => void;
}

export const TopicRow = memo(function TopicRow({ row, id, top, line, age, isActive, isShown, onChoose, onToggle }: TopicRowProps) {
  const node = line ?? row.node;
  const { isTopic, below, retained, preview, count, perSecond } = node;
  const name = row.node.name === "" ? "(no name)" : row.node.name;
  const press = (event: PointerEvent<HTMLElement>): void => {
    if (event.button !== 0) return;
    if (event.target instanceof Element && event.target.closest(".topic-row__twist")) onToggle(row);
    else onChoose(row);
  };
  return (
    // Keys are the tree's, which has the focus and says which row is active.
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={isActive}
      aria-expanded={row.isOpen ?? undefined}
      aria-label={labelOf(name, node, line)}
      className={`topic-row topic-grid${isActive ? " topic-row--active" : ""}${isShown ? " topic-row--open" : ""}${node.lastSeq === 0 && line ? " topic-row--past" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onPointerDown={press}
    >
      <span className="topic-row__name" style={{ paddingInlineStart: Math.min(row.depth, MAX_INDENT) * 16 }}>
        <span className={row.isOpen ? "topic-row__twist topic-row__twist--open" : "topic-row__twist"} aria-hidden="true">
          {row.isOpen !== null && <ChevronRight size={13} />}
        </span>
        <span className={isTopic ? "topic-row__text topic-row__text--topic" : "topic-row__text"} title={row.node.topic}>
          {name}
        </span>
        {below > 0 && <span className="topic-row__below">{below >= 1000 ? "1000+" : below}</span>}
        {retained && (
          <span className="topic-row__retained" title="Retained: given to new subscribers">
            <Pin size={11} aria-hidden="true" />
          </span>
        )}
      </span>
      <span
        // A new element for a new value: its colour fades from the start.
        key={node.lastSeq}
        className={line?.changed && isTopic ? "topic-row__value topic-row__value--changed" : "topic-row__value"}
      >
        {isTopic ? (preview ?? (node.lastSeq === 0 ? "" : <span className="cell__none">binary</span>)) : ""}
      </span>
      <span className="topic-row__trend" title={line?.recent ? toFieldName(line.recent.field) : undefined}>
        {line && (line.recent ? <ValueSparkline values={line.recent.values} /> : <RateSparkline rates={line.rates} />)}
      </span>
      <span className="topic-row__rate">{perSecond >= 0.05 ? `${rateText(perSecond)}/s` : ""}</span>
      <span className="topic-row__count" title={plural(count, "event")}>
        {count > 0 ? (count < 100_000 ? toCount(count) : toShortCount(count)) : ""}
      </span>
      <span className="topic-row__age">{age}</span>
    </div>
  );
});

function rateText(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : toShortCount(perSecond);
}

function labelOf(name: string, node: TopicFacts, line: LiveLine | undefined): string {
  const parts = [
    name,
    node.isTopic ? (node.preview ?? "binary value") : "",
    node.below > 0 ? `${plural(node.below, "topic")} below` : "",
    node.retained ? "retained" : "",
    line && node.perSecond >= 0.05 ? `${rateText(node.perSecond)} per second` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

type TopicFacts = Pick<LiveLine, "isTopic" | "preview" | "below" | "retained" | "perSecond">;
