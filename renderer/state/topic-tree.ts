import type { TopicNode } from "../../main/contract/topic-view.ts";
import { levelsAbove, toSearchLevels, toTopicRows, type TopicRows, type TreeLevel } from "../format/topic-rows.ts";
import { toRefusal, type Connection } from "../link/connection.ts";
import { createCell, type Readable } from "./cell.ts";
import { createStored, parseTexts } from "./stored.ts";
import { createTopicLines, type TopicLineStore } from "./topic-lines.ts";

export interface TopicTreeView extends TopicRows {
  readonly status: "loading" | "ready" | "failed";
  readonly reason: string | null;
  /** What is searched for; "" for the whole tree. */
  readonly search: string;
  /** More topics match than are shown. */
  readonly searchIsCut: boolean;
}

/** The open part of the topic tree: levels are asked for when they are opened, and what is in sight is kept up to date. */
export interface TopicTree {
  readonly view: Readable<TopicTreeView>;
  /** Figures of the rows in sight. */
  readonly lines: TopicLineStore;
  toggle(topic: string, open?: boolean): void;
  /** Opens every sibling of a topic that has something below it. */
  openSiblings(topic: string): void;
  readonly closeAll: () => void;
  /** Opens all levels above a topic, so that it has a row; resolves when it has, or there is none. */
  reveal(topic: string): Promise<void>;
  loadMore(parent: string | null): void;
  search(text: string): void;
  readonly retry: () => void;
  /** Somebody looks: from now on it is kept up to date. Answers how to stop; what was read stays. */
  start(): () => void;
}

const PAGE = 500;
/** More siblings than these are found by searching. */
const MAX_SIBLINGS = 20_000;
const MAX_OPEN = 500;
const MAX_FOUND = 500;
/** At first, as much is opened as one looks over at a glance. */
const FIRST_ROWS = 60;
const TYPING_MS = 150;

export function createTopicTree(connection: Connection): TopicTree {
  const stored = createStored<readonly string[] | null>("open-topics", null, parseTexts);
  const open = new Set(stored.get() ?? []);
  /** Nobody has opened or closed anything yet: what there is may be shown. */
  let untouched = stored.get() === null;
  const levels = new Map<string | null, TreeLevel>();
  let found: ReadonlyMap<string | null, TreeLevel> | null = null;
  /** Levels closed by hand while searching: there, all are open at first. */
  let closed = new Set<string>();
  /** Levels that may have got new names since they were read. */
  const stale = new Set<string | null>();
  const loading = new Map<string | null, Promise<void>>();
  /** The topic that was gone to last: shown as soon as the hub is there. */
  let wanted: string | null = null;
  let round = 0;
  let typing: ReturnType<typeof setTimeout> | undefined;

  const view = createCell<TopicTreeView>({
    rows: [],
    rowOf: new Map(),
    status: "loading",
    reason: null,
    search: "",
    searchIsCut: false,
  });
  const tell = (change: Partial<TopicTreeView> = {}): void => {
    const rows = found ? toTopicRows(found, (topic) => !closed.has(topic)) : toTopicRows(levels, (topic) => open.has(topic));
    view.set({ ...view.get(), ...rows, ...change });
  };

  const isReachable = (parent: string | null): boolean =>
    parent === null || [...levelsAbove(parent), parent].every((topic) => open.has(topic));

  /** Reads a level as far as it was read before, at least its first page; once at a time. */
  const load = (parent: string | null, pages: "again" | "one more" = "again"): Promise<void> => {
    const already = loading.get(parent);
    if (already) return already;
    const done = read(parent, pages);
    loading.set(parent, done);
    return done;
  };

  const read = async (parent: string | null, pages: "again" | "one more"): Promise<void> => {
    stale.delete(parent);
    const mine = round;
    const before = levels.get(parent)?.nodes ?? [];
    const wanted = pages === "again" ? Math.max(1, before.length) : before.length + 1;
    let nodes: TopicNode[] = pages === "again" ? [] : [...before];
    try {
      for (let more = true; more && nodes.length < wanted;) {
        const page = await connection.call("topics.tree", {
          ...(parent === null ? {} : { parent }),
          ...(nodes.length === 0 ? {} : { after: nodes.at(-1)!.name }),
          limit: PAGE,
        });
        if (mine !== round) return;
        nodes = [...nodes, ...page.nodes];
        more = page.more && nodes.length < MAX_SIBLINGS;
        levels.set(parent, {
          nodes: nodes.length < before.length ? before : nodes,
          more,
          status: more && nodes.length < wanted ? "loading" : "ready",
        });
      }
      levels.set(parent, { nodes, more: levels.get(parent)?.more ?? false, status: "ready" });
      if (untouched && !found) openFirst(nodes);
      tell(parent === null ? { status: "ready", reason: null } : {});
      for (const { topic, below } of nodes) if (below > 0 && open.has(topic) && !levels.has(topic)) void load(topic);
    } catch (error) {
      if (mine !== round) return;
      const { code, message } = toRefusal(error);
      if (code === "HUB_UNREACHABLE") return;
      levels.set(parent, { nodes: before, more: false, status: "failed" });
      tell(parent === null && before.length === 0 ? { status: "failed", reason: message } : {});
    } finally {
      if (mine === round) loading.delete(parent);
    }
  };

  const openFirst = (nodes: readonly TopicNode[]): void => {
    const rows = toTopicRows(levels, (topic) => open.has(topic)).rows.length;
    const added = nodes.reduce((sum, node) => sum + node.below, 0);
    if (added > 0 && rows + added <= FIRST_ROWS) for (const node of nodes) if (node.below > 0) open.add(node.topic);
  };

  const keep = (): void => {
    untouched = false;
    stored.set([...open].slice(-MAX_OPEN));
  };

  const setOpen = (topic: string, wanted: boolean): void => {
    if (found) {
      if (wanted) closed.delete(topic);
      else closed.add(topic);
      return tell();
    }
    if (wanted) open.add(topic);
    else open.delete(topic);
    keep();
    tell();
    if (wanted && (!levels.has(topic) || stale.has(topic))) void load(topic);
  };

  const runSearch = async (): Promise<void> => {
    const { search } = view.get();
    try {
      const { topics, more } = await connection.call("topics.list", { search, limit: MAX_FOUND });
      if (view.get().search !== search) return;
      found = toSearchLevels(topics.map(({ topic }) => topic));
      tell({ searchIsCut: more });
    } catch (error) {
      const { code, message } = toRefusal(error);
      if (code !== "HUB_UNREACHABLE" && view.get().search === search) tell({ status: "failed", reason: message });
    }
  };

  /** New topics have come: levels are read again as they come into sight. */
  const refresh = (): void => {
    if (found) return void runSearch();
    const rows = view.get().rows;
    const inSight = new Set<string | null>([null]);
    for (const topic of lines.watched()) {
      const row = rows[view.get().rowOf.get(topic) ?? -1];
      if (row?.kind !== "node") continue;
      inSight.add(row.parent);
      if (row.isOpen) inSight.add(topic);
    }
    for (const parent of stale) if (inSight.has(parent) && isReachable(parent)) void load(parent);
  };
  const lines = createTopicLines(connection, (hasNew) => {
    if (hasNew) for (const parent of levels.keys()) stale.add(parent);
    if (stale.size > 0 || (hasNew && found)) refresh();
  });

  const begin = (): void => {
    if (connection.state.get().state !== "open") return;
    round += 1;
    loading.clear();
    for (const parent of levels.keys()) stale.add(parent);
    if (view.get().search !== "") void runSearch();
    void load(null);
    if (wanted !== null) void reveal(wanted);
  };

  const reveal = async (topic: string): Promise<void> => {
    wanted = topic;
    if (view.get().rowOf.has(topic)) return;
    const mine = round;
    const above = levelsAbove(topic);
    for (const [at, parent] of [null, ...above].entries()) {
      if (parent !== null) open.add(parent);
      const next = above[at] ?? topic;
      for (;;) {
        const level = levels.get(parent);
        if (level && (!level.more || level.nodes.some((node) => node.topic === next))) break;
        await load(parent, level ? "one more" : "again");
        const now = levels.get(parent);
        if (mine !== round || wanted !== topic || !now || now.status === "failed" || now.nodes === level?.nodes) return;
      }
    }
    tell();
  };
  return {
    view,
    lines,
    toggle: (topic, wanted) => setOpen(topic, wanted ?? (found ? closed.has(topic) : !open.has(topic))),
    openSiblings: (topic) => {
      const row = view.get().rows[view.get().rowOf.get(topic) ?? -1];
      if (row?.kind !== "node") return;
      for (const node of (found ?? levels).get(row.parent)?.nodes.slice(0, MAX_OPEN) ?? []) if (node.below > 0) setOpen(node.topic, true);
    },
    closeAll: () => {
      if (found) closed = new Set([...found.keys()].filter((topic) => topic !== null));
      else {
        open.clear();
        keep();
      }
      tell();
    },
    reveal,
    loadMore: (parent) => {
      if (!found) void load(parent, levels.has(parent) ? "one more" : "again");
    },
    search: (text) => {
      clearTimeout(typing);
      const search = text.trim();
      if (search === view.get().search) return;
      if (search === "") {
        found = null;
        closed = new Set();
        return tell({ search, searchIsCut: false });
      }
      view.set({ ...view.get(), search });
      closed = new Set();
      typing = setTimeout(() => void runSearch(), TYPING_MS);
    },
    retry: begin,
    start: () => {
      const stops = [connection.state.subscribe(begin), lines.start(), () => clearTimeout(typing)];
      begin();
      return () => {
        round += 1;
        for (const stop of stops) stop();
      };
    },
  };
}
