import type { PageName } from "../../main/contract/page.ts";
import type { SettingsSection } from "./settings-sections.ts";

/** Everything a person can do by key or from the palette, whether or not it is possible right now. */
export interface Command {
  readonly id: CommandId;
  readonly title: string;
  readonly section: "List" | "Events" | "Selected event" | "Devices" | "Topics" | "View" | "Go to";
  /** As KeyboardEvent.key; `Mod+` is Ctrl, on a Mac Cmd; `g e` is one after the other. */
  readonly keys: readonly string[];
  /** Keys that widgets need for themselves: only where the list, or nothing, has the focus. */
  readonly inListOnly?: boolean;
  readonly inPalette?: boolean;
}

export type CommandId =
  | `settings.${SettingsSection}`
  | `page.${PageName}`
  | "list.next"
  | "list.previous"
  | "list.page-down"
  | "list.page-up"
  | "list.first"
  | "list.last"
  | "item.open"
  | "item.close"
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
  | "sessions.toggle"
  | "event.test"
  | "device.pair"
  | "device.disconnect"
  | "topic.publish"
  | "topic.copy"
  | "topic.copy-command"
  | "topic.clear-retained"
  | "palette"
  | "help"
  | "theme.system"
  | "theme.light"
  | "theme.dark"
  | "sidebar.toggle"
  | "welcome";

export const COMMANDS: readonly Command[] = [
  { id: "list.next", title: "Next row", section: "List", keys: ["j", "ArrowDown"], inListOnly: true, inPalette: false },
  { id: "list.previous", title: "Previous row", section: "List", keys: ["k", "ArrowUp"], inListOnly: true, inPalette: false },
  { id: "list.page-down", title: "Page down", section: "List", keys: ["PageDown"], inListOnly: true, inPalette: false },
  { id: "list.page-up", title: "Page up", section: "List", keys: ["PageUp"], inListOnly: true, inPalette: false },
  { id: "list.first", title: "First row, the newest", section: "List", keys: ["g g", "Home"], inListOnly: true },
  { id: "list.last", title: "Last loaded row", section: "List", keys: ["G", "End"], inListOnly: true },
  { id: "live.toggle", title: "Pause or resume the live list", section: "Events", keys: [" "], inListOnly: true },
  { id: "live.now", title: "Show the newest events", section: "Events", keys: ["l"] },
  { id: "filter.focus", title: "Filter the list", section: "List", keys: ["/", "f"] },
  { id: "filter.clear", title: "Clear the filter", section: "List", keys: ["x"] },
  { id: "filter.save", title: "Save or forget this filter", section: "Events", keys: ["s"] },
  { id: "sessions.toggle", title: "Show or hide who connects and leaves", section: "Events", keys: ["o"] },
  { id: "event.test", title: "Send a test event", section: "Events", keys: [] },
  { id: "item.open", title: "Open details", section: "List", keys: ["Enter"], inListOnly: true, inPalette: false },
  { id: "item.close", title: "Close details", section: "List", keys: ["Escape"] },
  { id: "tab.previous", title: "Previous detail tab", section: "Selected event", keys: ["["] },
  { id: "tab.next", title: "Next detail tab", section: "Selected event", keys: ["]"] },
  { id: "event.copy-curl", title: "Copy as curl", section: "Selected event", keys: ["y"] },
  { id: "event.copy-body", title: "Copy body", section: "Selected event", keys: ["b"] },
  { id: "event.copy-link", title: "Copy link", section: "Selected event", keys: ["u"] },
  { id: "event.download", title: "Download body", section: "Selected event", keys: ["d"] },
  { id: "device.pair", title: "Pair a device", section: "Devices", keys: ["a"] },
  { id: "device.disconnect", title: "Disconnect the device", section: "Devices", keys: ["Delete"], inListOnly: true },
  { id: "topic.publish", title: "Publish an event", section: "Topics", keys: ["p"] },
  { id: "topic.copy", title: "Copy topic", section: "Topics", keys: ["c"] },
  { id: "topic.copy-command", title: "Copy the command that subscribes", section: "Topics", keys: ["m"] },
  { id: "topic.clear-retained", title: "Clear the retained event", section: "Topics", keys: [] },
  { id: "palette", title: "Command palette", section: "View", keys: ["Mod+k"], inPalette: false },
  { id: "help", title: "Keyboard shortcuts", section: "View", keys: ["?"] },
  { id: "sidebar.toggle", title: "Show or hide the side bar", section: "View", keys: ["\\"] },
  { id: "theme.system", title: "Theme: as the system", section: "View", keys: [] },
  { id: "theme.light", title: "Theme: light", section: "View", keys: [] },
  { id: "theme.dark", title: "Theme: dark", section: "View", keys: [] },
  { id: "welcome", title: "First steps", section: "View", keys: [] },
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

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/**
 * What a key press stands for: a command, or the first key of several (`g` of `g e`), or nothing. `before` is the key
 * that was pressed just before when it was such a first one; `inList` says that the list or nothing at all has the focus.
 */
export function commandForKey(
  all: readonly Command[],
  press: KeyPress,
  { inList, before = null }: { readonly inList: boolean; readonly before?: string | null },
): Command | "first-of-several" | null {
  if (press.altKey) return null;
  const plain = press.ctrlKey || press.metaKey ? `Mod+${press.key.toLowerCase()}` : press.key;
  const find = (key: string): Command | undefined =>
    // Letters move through the list wherever the focus is; keys that widgets use do not.
    all.find((one) => one.keys.includes(key) && (inList || !one.inListOnly || /^[a-zA-Z]$/.test(plain)));
  const found = (before === null ? undefined : find(`${before} ${plain}`)) ?? find(plain);
  if (found) return found;
  return plain !== " " && all.some((one) => one.keys.some((key) => key.startsWith(`${plain} `))) ? "first-of-several" : null;
}
