/** The inspector's pages by the first part of their address: the hub serves them, the window shows them, links name them. */
export const PAGE_NAMES = ["events", "devices", "topics", "settings"] as const;
export type PageName = (typeof PAGE_NAMES)[number];
