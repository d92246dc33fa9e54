/** Everything a person can do by key or from the palette, whether or not it is possible right now. */
export interface Command {
  readonly id: CommandId;
  readonly title: string;
  readonly section: "Events" | "Selected event" | "View" | "Go to";
  /** As KeyboardEvent.key; `Mod+` is Ctrl, on a Mac Cmd. */
  readonly keys: readonly string[];
  /** Keys that widgets need for themselves: only where the list, or nothing, has the focus. */
  readonly inListOnly?: boolean;
  readonly inPalette?: boolean;
}

export type CommandId =
  | "page.events"
  | "list.next"
  | "list.previous"
  | "list.page-down"
  | "list.page-up"
  | "list.first"
  | "list.last"
  | "event.open"
  | "event.close"
  | "event.copy-curl"
  | "event.copy-body"
  | "event.copy-link"
  | "event.download"
  | "tab.next"
  | "tab.previous"
  | "filter.focus"
  | "filter.clear"
  | "filter.save"
  | "live.toggle"
  | "live.now"
  | "event.test"
  | "palette"
  | "help"
  | "theme.system"
  | "theme.light"
  | "theme.dark"
  | "sidebar.toggle"
  | "welcome";

export const COMMANDS: readonly Command[] = [
  { id: "list.next", title: "Next event", section: "Events", keys: ["j", "ArrowDown"], inListOnly: true, inPalette: false },
  { id: "list.previous", title: "Previous event", section: "Events", keys: ["k", "ArrowUp"], inListOnly: true, inPalette: false },
  { id: "list.page-down", title: "Page down", section: "Events", keys: ["PageDown"], inListOnly: true, inPalette: false },
  { id: "list.page-up", title: "Page up", section: "Events", keys: ["PageUp"], inListOnly: true, inPalette: false },
  { id: "list.first", title: "Newest event", section: "Events", keys: ["g", "Home"], inListOnly: true },
  { id: "list.last", title: "Oldest loaded event", section: "Events", keys: ["G", "End"], inListOnly: true },
  { id: "live.toggle", title: "Pause or resume the live list", section: "Events", keys: [" "], inListOnly: true },
  { id: "live.now", title: "Show the newest events", section: "Events", keys: ["l"] },
  { id: "filter.focus", title: "Filter events", section: "Events", keys: ["/", "f"] },
  { id: "filter.clear", title: "Clear the filter", section: "Events", keys: ["x"] },
  { id: "filter.save", title: "Save or forget this filter", section: "Events", keys: ["s"] },
  { id: "event.test", title: "Send a test event", section: "Events", keys: [] },
  { id: "event.open", title: "Open details", section: "Selected event", keys: ["Enter"], inListOnly: true, inPalette: false },
  { id: "event.close", title: "Close details", section: "Selected event", keys: ["Escape"] },
  { id: "tab.previous", title: "Previous detail tab", section: "Selected event", keys: ["["] },
  { id: "tab.next", title: "Next detail tab", section: "Selected event", keys: ["]"] },
  { id: "event.copy-curl", title: "Copy as curl", section: "Selected event", keys: ["y"] },
  { id: "event.copy-body", title: "Copy body", section: "Selected event", keys: ["b"] },
  { id: "event.copy-link", title: "Copy link to event", section: "Selected event", keys: ["u"] },
  { id: "event.download", title: "Download body", section: "Selected event", keys: ["d"] },
  { id: "palette", title: "Command palette", section: "View", keys: ["Mod+k"], inPalette: false },
  { id: "help", title: "Keyboard shortcuts", section: "View", keys: ["?"] },
  { id: "sidebar.toggle", title: "Show or hide the side bar", section: "View", keys: ["\\"] },
  { id: "theme.system", title: "Theme: as the system", section: "View", keys: [] },
  { id: "theme.light", title: "Theme: light", section: "View", keys: [] },
  { id: "theme.dark", title: "Theme: dark", section: "View", keys: [] },
  { id: "welcome", title: "First steps", section: "View", keys: [] },
  { id: "page.events", title: "Events", section: "Go to", keys: [] },
];

/** Parts of the page say what they can do while they are shown; keys, palette and menus ask for it by name. */
export interface Commands {
  handle(handlers: Partial<Record<CommandId, () => void>>): () => void;
  /** False when nothing on the page can do it now. */
  run(id: CommandId): boolean;
  can(id: CommandId): boolean;
}

export function createCommands(): Commands {
  const handlers = new Map<CommandId, (() => void)[]>();
  return {
    handle: (offered) => {
      const entries = Object.entries(offered) as [CommandId, () => void][];
      for (const [id, run] of entries) handlers.set(id, [...(handlers.get(id) ?? []), run]);
      return () => {
        for (const [id, run] of entries)
          handlers.set(
            id,
            (handlers.get(id) ?? []).filter((one) => one !== run),
          );
      };
    },
    run: (id) => {
      const run = handlers.get(id)?.at(-1);
      run?.();
      return run !== undefined;
    },
    can: (id) => (handlers.get(id)?.length ?? 0) > 0,
  };
}

/** The command a key press stands for; `inList` says that the list or nothing at all has the focus. */
export function commandForKey(
  press: { readonly key: string; readonly ctrlKey: boolean; readonly metaKey: boolean; readonly altKey: boolean },
  inList: boolean,
): Command | null {
  if (press.altKey) return null;
  const key = press.ctrlKey || press.metaKey ? `Mod+${press.key.toLowerCase()}` : press.key;
  // Letters move through the list wherever the focus is; keys that widgets use do not.
  return COMMANDS.find((one) => one.keys.includes(key) && (inList || !one.inListOnly || /^[a-zA-Z]$/.test(key))) ?? null;
}
