import { useEffect } from "react";
import type { MenuCommand } from "../../main/contract/desktop.ts";
import { useApp } from "../components/app-context.tsx";
import { desktop } from "../link/desktop.ts";
import { commandForKey, type CommandId } from "../state/commands.ts";

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

/** Keys, and the desktop's menu, ask the page's parts for what they offer. */
export function useShortcuts(): void {
  const { commands } = useApp();
  useEffect(() => {
    const handleKey = (event: KeyboardEvent): void => {
      const target = event.target instanceof Element ? event.target : document.body;
      const hasModifier = event.ctrlKey || event.metaKey;
      if (event.defaultPrevented || event.isComposing || target.closest('[role="dialog"], [role="menu"], [role="listbox"]')) return;
      if (!hasModifier && target.closest('input, textarea, select, [contenteditable="true"], .cm-editor')) return;
      const inList = target === document.body || target.closest('[role="grid"]') !== null;
      const command = commandForKey(event, inList);
      if (command && commands.run(command.id)) event.preventDefault();
    };
    window.addEventListener("keydown", handleKey);
    const stopMenu = desktop?.onMenuCommand((name) => commands.run(MENU[name]));
    return () => {
      window.removeEventListener("keydown", handleKey);
      stopMenu?.();
    };
  }, [commands]);
}
