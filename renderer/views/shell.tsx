import { useState } from "react";
import { useApp, useCommands, useReadable } from "../components/app-context.tsx";
import { createStored } from "../state/stored.ts";
import { theme } from "../state/theme.ts";
import { CommandPalette } from "./command-palette.tsx";
import { EventsPage } from "./events/events-page.tsx";
import { LogBanner } from "./log-banner.tsx";
import { ShortcutHelp } from "./shortcut-help.tsx";
import { Sidebar } from "./sidebar.tsx";
import { useTestEvent } from "./use-test-event.ts";
import { useShortcuts } from "./use-shortcuts.ts";

const sidebarShown = createStored("sidebar", true, (value) => (typeof value === "boolean" ? value : null));

export function Shell() {
  const { router } = useApp();
  const route = useReadable(router.route);
  const [dialog, setDialog] = useState<"palette" | "help" | null>(null);
  const shown = useReadable(sidebarShown);
  const close = (): void => setDialog(null);
  const sendTestEvent = useTestEvent();
  useShortcuts();
  useCommands({
    "event.test": () => void sendTestEvent(),
    palette: () => setDialog("palette"),
    help: () => setDialog("help"),
    "theme.system": () => theme.set("system"),
    "theme.light": () => theme.set("light"),
    "theme.dark": () => theme.set("dark"),
    "sidebar.toggle": () => sidebarShown.set(!sidebarShown.get()),
    "page.events": () => router.go({ page: "events", eventId: null }),
  });
  return (
    <div className={shown ? "shell" : "shell shell--narrow"}>
      <Sidebar />
      <div className="shell__main">
        <LogBanner />
        {route.page === "events" && <EventsPage />}
      </div>
      <CommandPalette isOpen={dialog === "palette"} onClose={close} />
      <ShortcutHelp isOpen={dialog === "help"} onClose={close} />
    </div>
  );
}
