import type { EventSummary } from "../contract/event.ts";
import type { DetectedProvider } from "../contract/source.ts";
import { detectEvent } from "./detect-event.ts";
import type { EventLog } from "./ports.ts";
import type { ProviderDirectory } from "./source-ports.ts";

/** The newest event of each source. */
export interface LastEvents {
  /** When it came, epoch ms; null when there is none. */
  at(source: string): Promise<number | null>;
  /** Which provider it looks like. Found out when it is asked for: a request need not pay for it. */
  detected(source: string): Promise<DetectedProvider | null>;
  forget(source: string): void;
}

interface Looked {
  /** What was the newest since the start, when the log was asked. */
  readonly liveAt: number | null;
  readonly at: number | null;
  readonly detected: DetectedProvider | null;
}

/** While the hub runs the newest event's time is noted live; for all else the log is asked, once for each newest event. */
export function createLastEvents(options: {
  readonly log: EventLog;
  readonly providers: ProviderDirectory;
  /** When the newest one since the start came. */
  readonly liveAt: (source: string) => number | null;
}): LastEvents {
  const { log, liveAt } = options;
  const looked = new Map<string, Looked>();

  const look = async (source: string): Promise<Looked | null> => {
    const live = liveAt(source);
    const known = looked.get(source);
    if (known?.liveAt === live) return known;
    const page = await log.query({ limit: 1, filter: `source:${source}`, headers: true });
    if (!page.ok) return null; // asked again the next time
    const event: EventSummary | undefined = page.value.events[0];
    const found: Looked = { liveAt: live, at: event?.time ?? null, detected: event ? await detectEvent(options, event) : null };
    looked.set(source, found);
    return found;
  };

  return {
    at: async (source) => liveAt(source) ?? (await look(source))?.at ?? null,
    detected: async (source) => (await look(source))?.detected ?? null,
    forget: (source) => void looked.delete(source),
  };
}
