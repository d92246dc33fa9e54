import type { EventPage } from "../../main/contract/calls.ts";
import type { EventSummary } from "../../main/contract/event.ts";
import type { TestHub } from "./run-signalbox.ts";

/** The hub's REST API as a client with its token sees it. */
export interface InspectorApi {
  /** The JSON of a 2xx answer; anything else is an error that quotes the answer. */
  get(path: string): Promise<unknown>;
  /** The exact bytes of an event's body. */
  body(id: string): Promise<Buffer>;
  /** Every event in the log in order, page by page. */
  allEvents(filter?: string): Promise<EventSummary[]>;
}

export function createInspectorApi({ inspector, token }: Pick<TestHub, "inspector" | "token">): InspectorApi {
  const ask = async (path: string): Promise<Response> => {
    const response = await fetch(`${inspector}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
    if (!response.ok) throw new Error(`GET ${path} → ${response.status} ${await response.text()}`);
    return response;
  };
  return {
    get: async (path) => (await ask(path)).json(),
    body: async (id) => Buffer.from(await (await ask(`/events/${id}/body`)).arrayBuffer()),
    async allEvents(filter) {
      const events: EventSummary[] = [];
      for (let after = 0, more = true; more;) {
        const query = new URLSearchParams({ after: String(after), limit: "1000", ...(filter === undefined ? {} : { filter }) });
        const page = (await (await ask(`/events?${query}`)).json()) as EventPage;
        events.push(...page.events);
        more = page.more && page.cursor > after;
        after = page.cursor;
      }
      return events;
    },
  };
}
