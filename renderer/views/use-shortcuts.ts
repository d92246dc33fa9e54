import { useEffect } from "react";
import { GO, isGoCommand, type MenuCommand } from "../../main/contract/desktop.ts";
import { useApp } from "../components/app-context.tsx";
import { desktop } from "../link/desktop.ts";
import { commandForKey, type CommandId } from "../state/commands.ts";
import { parseRoute } from "../state/router.ts";
import { ALL_COMMANDS } from "./pages.tsx";

const MENU: Readonly<Record<MenuCommand, CommandId>> = {
  pause: "live.toggle",
  find: "filter.focus",
  "clear-filter": "filter.clear",
  palette: "palette",
  help: "help",
  "theme-system": "theme.system",
  "theme-light": "theme.light",
  "theme-dark": "theme.dark",
};

/** How long the first of two keys waits for the second. */
const SECOND_KEY_MS = 1500;

/** Keys, and the desktop's menu, ask the page's parts for what they offer. */
export function useShortcuts(): void {
  const { commands, router } = useApp();
  useEffect(() => {
    let before: { readonly key: string; readonly at: number } | null = null;
    const handleKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      const hasModifier = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || event.isComposing || target.closest('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      if (!hasModifier && target.closest('input, textarea, select, [contenteditable="true"], .cm-editor')) return;
      const inList = target === document.body || target.closest('[role="grid"]') !== null;
      if (["Shift", "Control", "Alt", "Meta"].includes(event.key)) return;
      const first = before && event.timeStamp - before.at < SECOND_KEY_MS ? before.key : null;
      const command = commandForKey(ALL_COMMANDS, event, { inList, before: first });
      before = command === "first-of-several" ? { key: event.key, at: event.timeStamp } : null;
      if (command !== null && command !== "first-of-several" && commands.run(command.id)) event.preventDefault();
    };
    window.addEventListener("keydown", handleKey);
    const stopMenu = desktop?.onCommand((command) => {
      if (!isGoCommand(command)) return void commands.run(MENU[command]);
      const { pathname, search } = new URL(command.slice(GO.length), location.href);
      router.go(parseRoute(pathname, search));
    });
    return () => {
      window.removeEventListener("keydown", handleKey);
      stopMenu?.();
    };
  }, [commands, router]);
}
