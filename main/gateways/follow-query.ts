import { accept, refuse, type Result } from "../contract/errors.ts";
import { topicFilterFault } from "../contract/topic.ts";
import type { Peer } from "../access/permissions.ts";

/** Filters at once by one client. */
export const MAX_FILTERS = 100;

/** Topic filters that this peer may follow; at least one. Refuses PARAMS_INVALID, TOPIC_INVALID, SUBSCRIPTION_LIMIT, TOPIC_FORBIDDEN. */
export function parseFilters(filters: readonly string[], peer: Peer): Result<readonly string[]> {
  const distinct = [...new Set(filters)];
  if (distinct.length === 0) return refuse("PARAMS_INVALID", "Say which topics you want: ?topic=<filter>, for example ?topic=sensors/%23.");
  if (distinct.length > MAX_FILTERS)
    return refuse("SUBSCRIPTION_LIMIT", `At most ${MAX_FILTERS} topic filters are taken at once.`, { limit: MAX_FILTERS });
  for (const filter of distinct) {
    const allowed = checkFilter(filter, peer);
    if (!allowed.ok) return allowed;
  }
  return accept(distinct);
}

export function checkFilter(filter: string, peer: Peer): Result<void> {
  const fault = topicFilterFault(filter);
  if (fault) return refuse("TOPIC_INVALID", `Nobody can subscribe to this: ${fault}.`, { filter });
  if (!peer.maySubscribe(filter)) return refuse("TOPIC_FORBIDDEN", `The key "${peer.key}" may not subscribe to ${filter}.`, { filter });
  return accept(undefined);
}

export function checkPublish(topic: string, peer: Peer): Result<void> {
  if (peer.mayPublish(topic)) return accept(undefined);
  return refuse("TOPIC_FORBIDDEN", `The key "${peer.key}" may not publish to ${topic}.`, { topic });
}

/** A seq to go on after. Refuses what is none with PARAMS_INVALID. */
export function parseAfter(text: string): Result<number> {
  const seq = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(seq)) return accept(seq);
  return refuse("PARAMS_INVALID", `"after" is the seq of an event, a whole number; "${text.slice(0, 40)}" is none.`);
}

/**
 * Parameters of a target; wrong escapes stay as they are. A plus sign that stands where a topic level would is what it
 * says, though forms write a space so: `?topic=sensors/+/temperature` is typed by people.
 */
export function queryOf(target: string): URLSearchParams {
  const query = target.indexOf("?");
  return query < 0 ? NO_PARAMS : new URLSearchParams(target.slice(query + 1).replace(/(=|\/|%2F)\+(?=\/|%2F|&|$)/gi, "$1%2B"));
}

const NO_PARAMS = new URLSearchParams();

/** The path of a target, without its query. */
export function pathOf(target: string): string {
  const query = target.indexOf("?");
  return query < 0 ? target : target.slice(0, query);
}

/** What follows a prefix in a path, percent-decoded as UTF-8; null when that is not possible. */
export function decodeRest(path: string, prefix: string): string | null {
  try {
    return decodeURIComponent(path.slice(prefix.length));
  } catch {
    return null;
  }
}
