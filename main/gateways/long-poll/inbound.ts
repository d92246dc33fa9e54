import type { Peer } from "../../access/permissions.ts";
import { accept, refuse, type Result } from "../../contract/errors.ts";
import { parseAfter, parseFilters, queryOf } from "../follow-query.ts";
import type { LongPollConfig } from "./config.ts";

export interface PollRequest {
  readonly filters: readonly string[];
  /** Null: from now on, after the retained events. */
  readonly after: number | null;
  readonly waitMs: number;
  readonly limit: number;
}

export function isPollPath(path: string): boolean {
  return path === "/poll" || path.startsWith("/poll?");
}

/** Without `after` it begins where the log does. Refuses PARAMS_INVALID and what parseFilters does. */
export function parsePollRequest(target: string, peer: Peer, config: LongPollConfig): Result<PollRequest> {
  const query = queryOf(target);
  const filters = parseFilters(query.getAll("topic"), peer);
  if (!filters.ok) return filters;
  const wait = parseNumber("wait", query.get("wait"), config.waitS, 0, config.maxWaitS);
  if (!wait.ok) return wait;
  const limit = parseNumber("limit", query.get("limit"), config.limit, 1, config.maxLimit);
  if (!limit.ok) return limit;
  const rest = { filters: filters.value, waitMs: wait.value * 1000, limit: Math.floor(limit.value) };
  const from = query.get("after") ?? "0";
  if (from === "now") return accept({ ...rest, after: null });
  const after = parseAfter(from);
  return after.ok ? accept({ ...rest, after: after.value }) : after;
}

function parseNumber(name: string, text: string | null, preset: number, min: number, max: number): Result<number> {
  if (text === null || text === "") return accept(preset);
  const value = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return accept(value);
  return refuse("PARAMS_INVALID", `"${name}" is a number from ${min} to ${max}; "${text.slice(0, 40)}" is not.`, { name, min, max });
}
