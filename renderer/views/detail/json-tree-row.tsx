import { ChevronRight } from "lucide-react";
import type { JsonRow } from "../../format/json-rows.ts";
import { plural } from "../../format/quantity.ts";

/** Deeper rows are not moved further to the right. */
const MAX_INDENT = 24;

interface JsonTreeRowProps {
  readonly row: JsonRow;
  readonly top: number;
  readonly isActive: boolean;
  readonly isFound: boolean;
  readonly onChoose: () => void;
  readonly onToggle: () => void;
}

export function treeRowId(node: number): string {
  return `json-${node}`;
}

export function JsonTreeRow({ row, top, isActive, isFound, onChoose, onToggle }: JsonTreeRowProps) {
  const container = row.kind === "object" || row.kind === "array";
  return (
    // Keys are the tree's, which has the focus and says which row is active.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={treeRowId(row.node)}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={isActive}
      aria-expanded={row.children > 0 ? row.expanded : undefined}
      className={`tree-row${isActive ? " tree-row--active" : ""}${isFound ? " tree-row--found" : ""}`}
      style={{ transform: `translateY(${top}px)`, paddingInlineStart: 8 + Math.min(row.depth, MAX_INDENT) * 16 }}
      onPointerDown={onChoose}
      onClick={() => row.children > 0 && onToggle()}
    >
      <span className={row.expanded ? "tree-row__twist tree-row__twist--open" : "tree-row__twist"} aria-hidden="true">
        {row.children > 0 && <ChevronRight size={12} />}
      </span>
      {row.label !== null && (
        <>
          <span className={row.inArray ? "tree-row__index" : "json-key"}>{row.label}</span>
          <span className="tree-row__colon">:</span>
        </>
      )}
      {container ? (
        <span className="tree-row__container">
          <span className="tree-row__count">{row.kind === "object" ? plural(row.children, "key") : plural(row.children, "item")}</span>
          {!row.expanded && row.children > 0 && <span className="tree-row__preview">{row.text}</span>}
        </span>
      ) : (
        <span className={`tree-row__value json-${row.kind}`}>
          {row.text}
          {row.cut && "…"}
        </span>
      )}
    </div>
  );
}
