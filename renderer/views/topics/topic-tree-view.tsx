import { useCallback, useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type KeyboardEvent } from "react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { useRowWindow } from "../../components/use-row-window.ts";
import { toRelative } from "../../format/time.ts";
import type { TopicRow as Row } from "../../format/topic-rows.ts";
import { TopicRow } from "./topic-row.tsx";
import { useTopicKeys } from "./use-topic-keys.ts";

export const ROW_HEIGHT = 28;
const HEAD_HEIGHT = 30;

const COLUMNS = [
  ["name", "Topic", ""],
  ["value", "Value", "The newest value of exactly this topic"],
  ["trend", "Trend", "Numbers: the last values; anything else: how much came"],
  ["rate", "Rate", "Over the last seconds, with what is below"],
  ["count", "Events", "Since the hub started, with what is below"],
  ["age", "Last", "When the newest event came, with what is below"],
] as const;

interface TopicTreeViewProps {
  readonly shown: string | null;
  readonly onShow: (topic: string) => void;
}

/** The tree as a windowed list: only the rows in sight exist and are kept up to date. */
export function TopicTreeView({ shown, onShow }: TopicTreeViewProps) {
  const { hub, topics } = useApp();
  const { rows, rowOf, search, searchIsCut } = useReadable(topics.view);
  const lines = useReadable(topics.lines.all);
  const scroller = useRef<HTMLDivElement>(null);
  const tree = useRef<HTMLDivElement>(null);
  const view = useRowWindow(scroller, rows.length, ROW_HEIGHT, HEAD_HEIGHT);
  const [active, setActive] = useState<string | null>(shown);
  const { scrollToRow } = view;
  const inSight = rows.slice(view.first, view.end);
  const activeRow = active === null ? -1 : (rowOf.get(active) ?? -1);

  // Figures are wanted for what is in sight, and levels whose end is in sight go on.
  const watched = inSight.flatMap((row) => (row.kind === "node" ? [row.node.topic] : []));
  useEffect(() => topics.lines.watch(watched));
  useEffect(() => {
    for (const row of inSight) if (row.kind === "more" && row.status === "ready") topics.loadMore(row.parent);
  });

  // Rows that come or go above what is in sight must not move it.
  const anchor = useRef<{ readonly topic: string; readonly row: number; readonly search: string } | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = anchor.current;
    const now = before && rowOf.get(before.topic);
    if (element && before?.search === search && now !== undefined && now !== null && now !== before.row && element.scrollTop > 0)
      element.scrollTop += (now - before.row) * ROW_HEIGHT;
    const first = rows[Math.floor((element?.scrollTop ?? 0) / ROW_HEIGHT)];
    anchor.current = first?.kind === "node" ? { topic: first.node.topic, row: rowOf.get(first.node.topic)!, search } : null;
  });
  // What was found is shown from its beginning; back in the whole tree one is where one was.
  const showPlace = useEffectEvent((searching: boolean) => {
    if (searching) scroller.current?.scrollTo({ top: 0 });
    else if (activeRow >= 0) scrollToRow(activeRow, "center");
  });
  useLayoutEffect(() => showPlace(search !== ""), [search]);

  // A link, or the browser's back and forward, names a topic: the tree goes there.
  const [located, setLocated] = useState<string | null>(null);
  if (shown !== null && shown !== located && rowOf.has(shown)) {
    setLocated(shown);
    setActive(shown);
  }
  useEffect(() => {
    if (shown !== null) void topics.reveal(shown);
  }, [topics, shown]);
  const showLocated = useEffectEvent((topic: string | null) => {
    const row = topic === null ? undefined : rowOf.get(topic);
    if (row !== undefined) scrollToRow(row);
  });
  useLayoutEffect(() => showLocated(located), [located]);

  const moveTo = (row: number): void => {
    const target = rows[Math.max(0, Math.min(rows.length - 1, row))];
    if (!target) return;
    const at = Math.max(0, Math.min(rows.length - 1, row));
    scrollToRow(at);
    if (target.kind === "more") return topics.loadMore(target.parent);
    setActive(target.node.topic);
    if (shown !== null) onShow(target.node.topic);
  };
  const keys = useTopicKeys({
    tree,
    rows,
    activeRow,
    pageRows: Math.max(1, view.end - view.first - 13),
    moveTo,
    onShow,
  });

  const toggle = useCallback(
    (row: Extract<Row, { kind: "node" }>) => {
      setActive(row.node.topic);
      topics.toggle(row.node.topic);
    },
    [topics],
  );
  const choose = useCallback(
    (row: Extract<Row, { kind: "node" }>) => {
      setActive(row.node.topic);
      if (!row.node.isTopic && row.isOpen !== null) topics.toggle(row.node.topic);
      if (row.node.isTopic || shown !== null) onShow(row.node.topic);
    },
    [topics, onShow, shown],
  );

  const now = hub.now();
  return (
    <div ref={scroller} className="topic-tree__scroll">
      <div className="topic-tree__head topic-grid" aria-hidden="true">
        {COLUMNS.map(([id, name, hint]) => (
          <span key={id} className={`topic-row__${id}`} title={hint === "" ? undefined : hint}>
            {name}
          </span>
        ))}
      </div>
      <div
        ref={tree}
        className="topic-tree"
        role="tree"
        aria-label="Topics"
        tabIndex={0}
        aria-activedescendant={activeRow >= view.first && activeRow < view.end ? rowId(activeRow) : undefined}
        onKeyDown={(event: KeyboardEvent) => keys(event)}
        onFocus={() => activeRow < 0 && rows[0]?.kind === "node" && setActive(rows[0].node.topic)}
        style={{ height: view.height }}
      >
        {inSight.map((row, at) => {
          const position = view.first + at;
          const top = view.topOf(position);
          if (row.kind === "more") return <MoreRow key={`more ${row.parent}`} row={row} top={top} />;
          const { topic } = row.node;
          const line = lines.get(topic);
          const lastAt = (line ?? row.node).lastAt;
          return (
            <TopicRow
              key={topic}
              id={rowId(position)}
              row={row}
              top={top}
              line={line}
              age={lastAt === null ? "" : shortAge(lastAt, now)}
              isActive={position === activeRow}
              isShown={topic === shown}
              search={search}
              onChoose={choose}
              onToggle={toggle}
            />
          );
        })}
      </div>
      {search !== "" && searchIsCut && <p className="list__foot">More topics match than are shown: search for more of the name.</p>}
    </div>
  );
}

function MoreRow({ row, top }: { readonly row: Extract<Row, { kind: "more" }>; readonly top: number }) {
  const { topics } = useApp();
  return (
    <div
      role="none"
      className="topic-row topic-row--more"
      style={{ transform: `translateY(${top}px)`, paddingInlineStart: 32 + row.depth * 16 }}
    >
      {row.status === "failed" ? (
        <>
          These topics could not be read.
          <Button className="button button--small" onPress={() => topics.loadMore(row.parent)}>
            Try again
          </Button>
        </>
      ) : (
        "Loading…"
      )}
    </div>
  );
}

function rowId(row: number): string {
  return `topic-row-${row}`;
}

/** `now`, `12 s`, `3 min`: how long ago, without the word. */
function shortAge(at: number, now: number): string {
  return at > now ? "now" : toRelative(at, now).replace(/ ago$/, "").replace("just now", "now");
}
