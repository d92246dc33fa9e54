import { useRef, type KeyboardEvent, type RefObject } from "react";
import { useApp, useCommands } from "../../components/app-context.tsx";
import { findByName, type TopicRow } from "../../format/topic-rows.ts";

interface Options {
  readonly tree: RefObject<HTMLElement | null>;
  readonly rows: readonly TopicRow[];
  readonly activeRow: number;
  readonly pageRows: number;
  readonly moveTo: (row: number) => void;
  readonly onShow: (topic: string) => void;
}

/** Letters that follow each other within this time are one word. */
const TYPING_MS = 700;

/** The keys of a tree (ARIA Authoring Practices, tree view), and the page's commands for lists when nothing has the focus. */
export function useTopicKeys({ tree, rows, activeRow, pageRows, moveTo, onShow }: Options): (event: KeyboardEvent) => void {
  const { topics } = useApp();
  const typed = useRef({ text: "", at: 0 });
  const row = rows[activeRow];
  const node = row?.kind === "node" ? row : null;

  const enter = (to: number): void => {
    tree.current?.focus({ preventScroll: true });
    moveTo(to);
  };
  const none = rows.length === 0;
  useCommands({
    "list.next": none ? null : () => enter(activeRow + 1),
    "list.previous": none ? null : () => enter(Math.max(0, activeRow - 1)),
    "list.page-down": none ? null : () => enter(activeRow + pageRows),
    "list.page-up": none ? null : () => enter(activeRow - pageRows),
    "list.first": none ? null : () => enter(0),
    "list.last": none ? null : () => enter(rows.length - 1),
    "item.open": node ? () => onShow(node.node.topic) : null,
  });

  const parentRow = (): number => {
    for (let at = activeRow - 1; at >= 0; at -= 1) if (rows[at]!.depth < row!.depth) return at;
    return activeRow;
  };
  const typeAhead = (key: string, at: number): void => {
    const goesOn = at - typed.current.at < TYPING_MS;
    const text = goesOn ? typed.current.text + key : key;
    typed.current = { text, at };
    // A new word begins behind the active row; more of the same may stay where it is.
    const found = findByName(rows, goesOn ? activeRow : activeRow + 1, text);
    if (found >= 0) moveTo(found);
  };

  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => moveTo(activeRow + 1),
      ArrowUp: () => moveTo(Math.max(0, activeRow - 1)),
      PageDown: () => moveTo(activeRow + pageRows),
      PageUp: () => moveTo(activeRow - pageRows),
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      ArrowRight: () => {
        if (!node || node.isOpen === null) return;
        if (node.isOpen) moveTo(activeRow + 1);
        else topics.toggle(node.node.topic, true);
      },
      ArrowLeft: () => {
        if (node?.isOpen) topics.toggle(node.node.topic, false);
        else if (row) moveTo(parentRow());
      },
      Enter: () => node && onShow(node.node.topic),
      " ": () => node && node.isOpen !== null && topics.toggle(node.node.topic),
      "*": () => node && topics.openSiblings(node.node.topic),
    };
    const move = moves[event.key];
    if (move) {
      typed.current = { text: "", at: 0 };
      move();
    } else if (/^[\p{L}\p{N}_$-]$/u.test(event.key)) typeAhead(event.key, event.timeStamp);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
