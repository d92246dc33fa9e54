import { Suspense, useEffect, useState } from "react";
import { useApp, useCommands, useReadable } from "../components/app-context.tsx";
import { createStored } from "../state/stored.ts";
import { theme } from "../state/theme.ts";
import { CommandPalette } from "./command-palette.tsx";
import { LogBanner } from "./log-banner.tsx";
import { PAGES, usePageCommands } from "./pages.tsx";
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
  });
  usePageCommands();
  const { Page, label } = PAGES[route.page];
  useEffect(() => {
    document.title = `${label} · Signalbox`;
  }, [label]);
  return (
    <div className={shown ? "shell" : "shell shell--narrow"}>
      <Sidebar />
      <div className="shell__main">
        <LogBanner />
        <Suspense fallback={<main aria-busy="true" />}>
          <Page />
        </Suspense>
      </div>
      <CommandPalette isOpen={dialog === "palette"} onClose={close} />
      <ShortcutHelp isOpen={dialog === "help"} onClose={close} />
    </div>
  );
}
