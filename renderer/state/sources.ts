import type { SourceInfo } from "../../main/contract/calls.ts";
import type { Connection } from "../link/connection.ts";
import { createCell, type Readable } from "./cell.ts";
import type { EventFeed } from "./event-feed.ts";

export interface SourcesStore {
  readonly all: Readable<readonly SourceInfo[]>;
}

/** The hub's sources, asked for again when an event names one that is not known yet. */
export function createSources(connection: Connection, feed: EventFeed): SourcesStore {
  const all = createCell<readonly SourceInfo[]>([]);
  let asking = false;
  const load = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      all.set((await connection.call("sources.list", {})).sources);
    } catch {
      // Asked again with the next connection or the next unknown name.
    } finally {
      asking = false;
    }
  };
  connection.state.subscribe(() => {
    if (connection.state.get().state === "open") void load();
  });
  const asked = new Set<string>();
  feed.onArrived((events) => {
    const known = new Set(all.get().map((one) => one.name));
    const unknown = events?.find(({ source }) => source !== null && !known.has(source) && !asked.has(source));
    if (!unknown) return;
    // A refused event may name a source that is never made: each name is asked for once.
    if (asked.size < 1000) asked.add(unknown.source!);
    void load();
  });
  return { all };
}
