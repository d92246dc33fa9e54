import { PAGE_NAMES, type PageName } from "../../main/contract/page.ts";
import { createCell, type Readable } from "./cell.ts";

/** What the address bar says. */
export interface Route {
  readonly page: PageName;
  /** What is open on the page: an event's id, a session's id, a topic, a section. */
  readonly item: string | null;
  readonly filter: string;
}

export interface Router {
  readonly route: Readable<Route>;
  /** Goes there with an entry in the history, or in place of the present one. Another page begins with nothing open and no filter. */
  go(change: Partial<Route>, options?: { readonly replace?: boolean }): void;
  stop(): void;
}

/** Any address that names no page of ours leads to the events. */
export function parseRoute(path: string, search: string): Route {
  const query = new URLSearchParams(search);
  const [, name, ...levels] = path.split("/");
  const page = PAGE_NAMES.find((one) => one === name);
  const item = query.get("item") ?? decodeLevels(levels);
  return { page: page ?? "events", item: page && item !== "" ? item : null, filter: query.get("filter")?.trim() ?? "" };
}

/** `/topics/a/b` for the topic a/b. An item that would not come through an address's path as it is goes into its query. */
export function toPath({ page, item, filter }: Route): string {
  const inPath = item !== null && item.split("/").every((level) => level !== "" && level !== "." && level !== "..");
  const query = [
    ...(item !== null && !inPath ? [`item=${toQueryText(item)}`] : []),
    ...(filter === "" ? [] : [`filter=${toQueryText(filter)}`]),
  ];
  return `/${page}${inPath ? `/${item.split("/").map(toPathText).join("/")}` : ""}${query.length > 0 ? `?${query.join("&")}` : ""}`;
}

export function createRouter(): Router {
  const read = (): Route => parseRoute(location.pathname, location.search);
  const route = createCell<Route>(read());
  history.replaceState(null, "", toPath(route.get()));
  const handlePop = (): void => route.set(read());
  window.addEventListener("popstate", handlePop);
  return {
    route,
    go: (change, { replace = false } = {}) => {
      const before = route.get();
      const stays = change.page === undefined || change.page === before.page;
      const next: Route = stays ? { ...before, ...change } : { page: before.page, item: null, filter: "", ...change };
      const path = toPath(next);
      if (path === toPath(before)) return;
      if (replace) history.replaceState(null, "", path);
      else history.pushState(null, "", path);
      route.set(next);
    },
    stop: () => window.removeEventListener("popstate", handlePop),
  };
}

/** A path that no one of ours made may be badly encoded: then nothing is open. */
function decodeLevels(levels: readonly string[]): string {
  try {
    return levels.map(decodeURIComponent).join("/").replace(/\/$/, "");
  } catch {
    return "";
  }
}

/** A lone surrogate has no encoding (RFC 3986 §2.5 by way of UTF-8): such an item is found under its nearest name. */
function toPathText(level: string): string {
  return encodeURIComponent(level.toWellFormed()).replaceAll("%3A", ":").replaceAll("%40", "@").replaceAll("%24", "$");
}

function toQueryText(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll("%3A", ":").replaceAll("%2F", "/").replaceAll("%2C", ",");
}
