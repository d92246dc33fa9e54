import { Cpu, ListTree, Rows3, Settings2, type LucideIcon } from "lucide-react";
import { lazy, type ComponentType, type MouseEvent } from "react";
import { PAGE_NAMES, type PageName } from "../../main/contract/page.ts";
import { useApp, useCommands, useReadable } from "../components/app-context.tsx";
import { COMMANDS, type Command, type CommandId } from "../state/commands.ts";
import { SETTINGS_SECTIONS } from "../state/settings-sections.ts";
import { EventsPage } from "./events/events-page.tsx";
import { LiveRate } from "./live-rate.tsx";

interface PageRow {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly keys: readonly string[];
  readonly Page: ComponentType;
  /** A figure beside its name in the side bar. */
  readonly Figure?: ComponentType;
}

/** Every page: the shell, the side bar, the palette and the keys are made from this. Events, the home page, is there at once; the others are loaded when first shown. */
export const PAGES: Readonly<Record<PageName, PageRow>> = {
  events: { label: "Events", icon: Rows3, keys: ["g e"], Page: EventsPage, Figure: LiveRate },
  devices: {
    label: "Devices",
    icon: Cpu,
    keys: ["g d"],
    Page: lazy(async () => ({ default: (await import("./devices/devices-page.tsx")).DevicesPage })),
  },
  topics: {
    label: "Topics",
    icon: ListTree,
    keys: ["g t"],
    Page: lazy(async () => ({ default: (await import("./topics/topics-page.tsx")).TopicsPage })),
  },
  settings: {
    label: "Settings",
    icon: Settings2,
    keys: ["g s"],
    Page: lazy(async () => ({ default: (await import("./settings/settings-page.tsx")).SettingsPage })),
  },
};

const toCommandId = (page: PageName): CommandId => `page.${page}`;

export const ALL_COMMANDS: readonly Command[] = [
  ...COMMANDS,
  ...PAGE_NAMES.map((page): Command => ({ id: toCommandId(page), title: PAGES[page].label, section: "Go to", keys: PAGES[page].keys })),
  ...SETTINGS_SECTIONS.map(({ id, title }): Command => ({ id: `settings.${id}`, title: `Settings: ${title}`, section: "Go to", keys: [] })),
];

export function usePageCommands(): void {
  const { router } = useApp();
  useCommands(Object.fromEntries(PAGE_NAMES.map((page) => [toCommandId(page), () => router.go({ page, item: null })])));
  useCommands(Object.fromEntries(SETTINGS_SECTIONS.map(({ id }) => [`settings.${id}`, () => router.go({ page: "settings", item: id })])));
}

/** The pages as links, which can also be opened in a new tab. */
export function PageLinks() {
  const { router } = useApp();
  const route = useReadable(router.route);
  const open = (event: MouseEvent, page: PageName): void => {
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    router.go({ page, item: null, filter: "" });
  };
  return PAGE_NAMES.map((page) => {
    const { label, icon: Icon, Figure } = PAGES[page];
    return (
      <a
        key={page}
        className="nav-item"
        href={`/${page}`}
        aria-current={page === route.page ? "page" : undefined}
        title={label}
        onClick={(event) => open(event, page)}
      >
        <Icon size={15} aria-hidden="true" />
        <span className="sidebar__word">{label}</span>
        {Figure && <Figure />}
      </a>
    );
  });
}
