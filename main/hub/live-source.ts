import type { AckFigures, Source } from "../contract/source.ts";
import type { AckTimes } from "./ack-times.ts";
import type { LiveSource, ProviderDirectory } from "./source-ports.ts";
import type { SourceSecrets } from "./source-secrets.ts";

/** A source with what is noted of it while the hub runs. */
export interface LiveSourceEntry extends LiveSource {
  config: Source;
  /** Null when nothing was answered yet. */
  ack(): AckFigures | null;
}

export function createLiveSource(
  first: Source,
  parts: { readonly secrets: SourceSecrets; readonly ackTimes: AckTimes; readonly providers: ProviderDirectory },
): LiveSourceEntry {
  const { secrets, ackTimes, providers } = parts;
  let config = first;
  let budgetMs = budgetOf(first);

  /** Looked up when the source changes, not for each request. */
  function budgetOf(source: Source): number | null {
    return providers.find(source)?.budgetMs ?? null;
  }

  return {
    get config() {
      return config;
    },
    set config(next) {
      config = next;
      budgetMs = budgetOf(next);
    },
    secrets: () => secrets.values(config.name),
    noteAnswered: (seq, ms) => ackTimes.note(config.name, seq, ms, budgetMs),
    ack() {
      const figures = ackTimes.of(config.name);
      return figures && { ...figures, budgetMs };
    },
  };
}
