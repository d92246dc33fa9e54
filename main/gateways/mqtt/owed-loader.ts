import type { HubEvent } from "../../hub/ports.ts";
import type { OwedEvent } from "./owed-event.ts";
import type { SessionContext } from "./session-context.ts";

/** Read from the log at once. */
const LOAD_EVENTS = 64;
/** Between tries while the log cannot be read: doubled each time, up to the second. */
const RETRY_MS = { first: 100, most: 5000 } as const;

export interface LoaderOptions {
  readonly context: Pick<SessionContext, "load" | "after">;
  /** Null: it is gone from the log, by retention or the record policy. */
  readonly onLoaded: (owed: OwedEvent, event: HubEvent | null) => void;
  /** What was read has been handed over, or it is time to ask again. */
  readonly onReady: () => void;
}

/** Reads again what a session owes and has no longer in memory. */
export class OwedLoader {
  readonly #options: LoaderOptions;
  #isLoading = false;
  #retryMs: number = RETRY_MS.first;

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** The first of `owed`, and those shortly after it in the log. */
  load(owed: readonly OwedEvent[]): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const first = owed[0]!.seq;
    const end = owed.findIndex(({ seq, event }) => event !== null || seq < first || seq >= first + LOAD_EVENTS);
    void this.#read(first, owed.slice(0, end < 0 ? LOAD_EVENTS : end));
  }

  async #read(first: number, wanted: readonly OwedEvent[]): Promise<void> {
    const { context, onLoaded, onReady } = this.#options;
    const found = await context.load(first, Math.max(...wanted.map(({ seq }) => seq)));
    if (found === null) {
      context.after(this.#retryMs, () => {
        this.#isLoading = false;
        onReady();
      });
      this.#retryMs = Math.min(this.#retryMs * 2, RETRY_MS.most);
      return;
    }
    this.#isLoading = false;
    this.#retryMs = RETRY_MS.first;
    // The first has been looked for in any case: a log that was salvaged may end before it.
    const upTo = Math.max(found.upTo, first);
    for (const one of wanted) if (one.seq <= upTo) onLoaded(one, found.events.find(({ seq }) => seq === one.seq) ?? null);
    onReady();
  }
}
