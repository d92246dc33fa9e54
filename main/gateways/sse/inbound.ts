import type { IncomingMessage } from "node:http";
import type { Peer } from "../../access/permissions.ts";
import { accept, type Result } from "../../contract/errors.ts";
import { parseAfter, parseFilters, queryOf } from "../follow-query.ts";

export interface SseRequest {
  readonly filters: readonly string[];
  readonly after: number | null;
  /** Every event comes as a `message` with its topic inside: for who does not know all topics, and so no names to listen for. */
  readonly wrap: boolean;
}

export function isSsePath(path: string): boolean {
  return path === "/sse" || path.startsWith("/sse?");
}

/** A browser that comes again keeps the address it first had, so what it says in Last-Event-ID is newer (HTML §9.2.3). */
export function parseSseRequest(request: IncomingMessage, peer: Peer): Result<SseRequest> {
  const query = queryOf(request.url ?? "");
  const filters = parseFilters(query.getAll("topic"), peer);
  if (!filters.ok) return filters;
  const common = { filters: filters.value, wrap: /^(?:1|true)$/i.test(query.get("wrap") ?? "") };
  const lastEventId = request.headers["last-event-id"];
  const from = (typeof lastEventId === "string" && lastEventId !== "" ? lastEventId : query.get("after")) ?? "";
  if (from === "" || from === "now") return accept({ ...common, after: null });
  const after = parseAfter(from);
  return after.ok ? accept({ ...common, after: after.value }) : after;
}
