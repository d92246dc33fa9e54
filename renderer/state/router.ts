import { createCell, type Readable } from "./cell.ts";

/** What the address bar says. */
export interface Route {
  readonly page: "events";
  readonly eventId: string | null;
  readonly filter: string;
}

export interface Router {
  readonly route: Readable<Route>;
  /** Goes there with an entry in the history, or in place of the present one. */
  go(change: Partial<Route>, options?: { readonly replace?: boolean }): void;
  stop(): void;
}

/** Any address that names no page of ours leads to the events. */
export function parseRoute(path: string, search: string): Route {
  const id = /^\/events\/([A-Za-z0-9_-]{1,80})\/?$/.exec(path)?.[1] ?? null;
  return { page: "events", eventId: id, filter: new URLSearchParams(search).get("filter")?.trim() ?? "" };
}

export function toPath(route: Route): string {
  const query =
    route.filter === ""
      ? ""
      : `?filter=${encodeURIComponent(route.filter).replaceAll("%3A", ":").replaceAll("%2F", "/").replaceAll("%2C", ",")}`;
  return `/events${route.eventId ? `/${route.eventId}` : ""}${query}`;
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
      const next = { ...route.get(), ...change };
      const path = toPath(next);
      if (path === toPath(route.get())) return;
      if (replace) history.replaceState(null, "", path);
      else history.pushState(null, "", path);
      route.set(next);
    },
    stop: () => window.removeEventListener("popstate", handlePop),
  };
}
