import { createCell } from "../../state/cell.ts";
import { createStored } from "../../state/stored.ts";

export const TOPIC_TABS = ["Value", "History", "Publish", "Details"] as const;
export type TopicTab = (typeof TOPIC_TABS)[number];

/** The tab that is shown of whatever topic is open. */
export const topicTab = createStored<TopicTab>("topic-tab", "Value", (value) => TOPIC_TABS.find((one) => one === value) ?? null);

/** The form for publishing is open although no topic is. */
export const publishing = createCell(false);
