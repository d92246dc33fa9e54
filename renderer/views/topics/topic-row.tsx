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
  /** What is searched for, to be marked in the name. */
  readonly search: string;
  readonly onChoose: (row: Extract<Row, { kind: "node" }>) => void;
  readonly onToggle: (row: Extract<Row, { kind: "node" }>) => void;
}

export const TopicRow = memo(function TopicRow({ row, id, top, line, age, isActive, isShown, search, onChoose, onToggle }: TopicRowProps) {
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
      className={`topic-row topic-grid${isActive ? " topic-row--active" : ""}${isShown ? " topic-row--open" : ""}${node.lastSeq === 0 && line ? " topic-row--past" : ""}`}
      style={{ transform: `translateY(${top}px)` }}
      onPointerDown={press}
    >
      <span className="topic-row__name" style={{ paddingInlineStart: Math.min(row.depth, MAX_INDENT) * 16 }}>
        <span className={row.isOpen ? "topic-row__twist topic-row__twist--open" : "topic-row__twist"} aria-hidden="true">
          {row.isOpen !== null && <ChevronRight size={13} />}
        </span>
        <span className={isTopic ? "topic-row__text topic-row__text--topic" : "topic-row__text"} title={row.node.topic}>
          <Marked text={name} search={search} />
        </span>
        {below > 0 && (
          <span className="topic-row__below">
            <Comma />
            {below >= 1000 ? "1000+" : below}
            <span className="visually-hidden"> below</span>
          </span>
        )}
        {retained && (
          <span className="topic-row__retained" title="Retained: given to new subscribers">
            <Pin size={11} aria-hidden="true" />
            <span className="visually-hidden">, retained</span>
          </span>
        )}
      </span>
      <span
        // A new element for a new value: its colour fades from the start.
        key={node.lastSeq}
        className={line?.changed && isTopic ? "topic-row__value topic-row__value--changed" : "topic-row__value"}
      >
        {isTopic && <Comma />}
        {isTopic ? (preview ?? (node.lastSeq === 0 ? "" : <span className="cell__none">binary</span>)) : ""}
      </span>
      <span className="topic-row__trend" title={line?.recent ? toFieldName(line.recent.field) : undefined}>
        {line && (line.recent ? <ValueSparkline values={line.recent.values} /> : <RateSparkline rates={line.rates} />)}
      </span>
      <span className="topic-row__rate" aria-hidden="true">
        {perSecond >= 0.05 ? `${rateText(perSecond)}/s` : ""}
      </span>
      <span className="topic-row__count" aria-hidden="true" title={plural(count, "event")}>
        {count > 0 ? (count < 100_000 ? toCount(count) : toShortCount(count)) : ""}
      </span>
      <span className="topic-row__age" aria-hidden="true">
        {age}
      </span>
    </div>
  );
});

/** Heard, not seen: what stands in columns is one name to a screen reader. */
function Comma() {
  return <span className="visually-hidden">, </span>;
}

function Marked({ text, search }: { readonly text: string; readonly search: string }) {
  const at = search === "" ? -1 : text.toLowerCase().indexOf(search.toLowerCase());
  if (at < 0) return text;
  const end = at + search.length;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </>
  );
}

function rateText(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : toShortCount(perSecond);
}
