import { ChevronDown, ChevronUp, ListCollapse, ListTree, Search } from "lucide-react";
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { CopyButton } from "../../components/copy-button.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { useRowWindow } from "../../components/use-row-window.ts";
import type { JsonIndex } from "../../format/json-index.ts";
import { createJsonRows } from "../../format/json-rows.ts";
import { toCount } from "../../format/quantity.ts";
import { JsonTreeRow, treeRowId } from "./json-tree-row.tsx";

const ROW_HEIGHT = 22;
/** As many rows as are opened at once, at first and by "open all". */
const FIRST_OPEN = 150;
const MAX_OPEN = 20_000;
const MAX_FOUND = 1000;

/** A JSON body as a tree: only rows in sight exist, values are read out of the text when they are shown. */
export function JsonTree({ text, index }: { readonly text: string; readonly index: JsonIndex }) {
  const rows = useMemo(() => {
    const made = createJsonRows(text, index);
    made.expandAll(FIRST_OPEN);
    return made;
  }, [text, index]);
  const [, setVersion] = useState(0);
  const changed = (): void => setVersion(rows.version);
  const scroller = useRef<HTMLDivElement>(null);
  const view = useRowWindow(scroller, rows.count, ROW_HEIGHT);
  const [activeNode, setActiveNode] = useState(0);
  const [words, setWords] = useState("");
  const found = useMemo(() => (words.trim() === "" ? [] : rows.search(words.trim(), MAX_FOUND)), [rows, words]);
  const [foundAt, setFoundAt] = useState(0);

  const goToRow = (position: number): void => {
    const bounded = Math.max(0, Math.min(rows.count - 1, position));
    setActiveNode(rows.row(bounded).node);
    view.scrollToRow(bounded);
  };
  const showFound = (nodes: readonly number[], at: number): void => {
    const node = nodes[at];
    if (node === undefined) return;
    const position = rows.reveal(node);
    changed();
    setFoundAt(at);
    setActiveNode(node);
    // The rows that were opened have their height after this rendering.
    requestAnimationFrame(() => view.scrollToRow(position, "center"));
  };
  const toggle = (position: number): void => {
    setActiveNode(rows.row(position).node);
    rows.toggle(position);
    changed();
  };
  const active = rows.reveal(activeNode);

  const handleKey = (event: KeyboardEvent): void => {
    const row = rows.row(active);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => goToRow(active + 1),
      ArrowUp: () => goToRow(active - 1),
      Home: () => goToRow(0),
      End: () => goToRow(rows.count - 1),
      PageDown: () => goToRow(active + 20),
      PageUp: () => goToRow(active - 20),
      ArrowRight: () => (row.children > 0 && !row.expanded ? toggle(active) : goToRow(active + 1)),
      ArrowLeft: () => (row.expanded ? toggle(active) : goToRow(Math.max(0, rows.parentOf(active)))),
      Enter: () => toggle(active),
      " ": () => toggle(active),
    };
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };

  return (
    <div className="tree">
      <div className="tree__tools">
        <label className="tree__search">
          <Search size={13} aria-hidden="true" />
          <span className="visually-hidden">Search keys and values</span>
          <input
            value={words}
            placeholder="Search keys and values"
            spellCheck={false}
            onChange={(event) => {
              setWords(event.target.value);
              setFoundAt(0);
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter")
                showFound(
                  found,
                  (foundAt + (event.shiftKey ? found.length - 1 : words && activeNode === found[foundAt] ? 1 : 0)) %
                    Math.max(1, found.length),
                );
            }}
          />
          {words.trim() !== "" && (
            <span className="tree__found" role="status">
              {found.length === 0 ? "none" : `${foundAt + 1} of ${toCount(found.length)}${found.length === MAX_FOUND ? "+" : ""}`}
            </span>
          )}
        </label>
        <IconButton
          label="Previous"
          isDisabled={found.length === 0}
          onPress={() => showFound(found, (foundAt + found.length - 1) % found.length)}
        >
          <ChevronUp size={14} aria-hidden="true" />
        </IconButton>
        <IconButton label="Next" isDisabled={found.length === 0} onPress={() => showFound(found, (foundAt + 1) % found.length)}>
          <ChevronDown size={14} aria-hidden="true" />
        </IconButton>
        <span className="tree__gap" />
        <IconButton
          label="Open all"
          onPress={() => {
            rows.expandAll(MAX_OPEN);
            changed();
          }}
        >
          <ListTree size={14} aria-hidden="true" />
        </IconButton>
        <IconButton
          label="Close all"
          onPress={() => {
            rows.collapseAll();
            setActiveNode(0);
            changed();
          }}
        >
          <ListCollapse size={14} aria-hidden="true" />
        </IconButton>
      </div>
      <div
        ref={scroller}
        className="tree__scroll"
        role="tree"
        aria-label="JSON"
        tabIndex={0}
        aria-activedescendant={treeRowId(activeNode)}
        onKeyDown={handleKey}
      >
        <div className="tree__rows" role="presentation" style={{ height: view.height }}>
          {Array.from({ length: Math.max(0, view.end - view.first) }, (_, at) => {
            const position = view.first + at;
            const row = rows.row(position);
            return (
              <JsonTreeRow
                key={row.node}
                row={row}
                top={view.topOf(position)}
                isActive={row.node === activeNode}
                isFound={found.length > 0 && found[foundAt] === row.node}
                onChoose={() => setActiveNode(row.node)}
                onToggle={() => toggle(position)}
              />
            );
          })}
        </div>
      </div>
      <div className="tree__foot">
        <code className="tree__path">{rows.pathOf(activeNode)}</code>
        <CopyButton text={() => rows.pathOf(activeNode)} what="Path" />
        <CopyButton text={() => rows.textOf(activeNode)} what="Value" labelled />
      </div>
    </div>
  );
}
