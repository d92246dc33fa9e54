import { toTerm } from "./filter-terms.ts";

/**
 * The filter term for one topic. A level with a comma or a quote, which the filter language takes for itself, becomes
 * `+`: whoever asks so looks at the topic again.
 */
export function toTopicTerm(topic: string): string {
  return toTerm(
    "topic",
    topic
      .split("/")
      .map((level) => (/[",]/.test(level) ? "+" : level))
      .join("/"),
  );
}
