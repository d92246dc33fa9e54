import { createContext, use, useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { App } from "../state/app.ts";
import type { Readable } from "../state/cell.ts";
import type { CommandId } from "../state/commands.ts";

const Context = createContext<App | null>(null);

export const AppProvider = Context.Provider;

export function useApp(): App {
  const app = use(Context);
  if (!app) throw new Error("useApp outside AppProvider");
  return app;
}

export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get);
}

/** Offers commands while the component is shown; a command given as null is not possible now. */
export function useCommands(handlers: Partial<Record<CommandId, (() => void) | null>>): void {
  const { commands } = useApp();
  const run = useEffectEvent((id: CommandId) => handlers[id]?.());
  const possible = Object.entries(handlers)
    .filter(([, handler]) => handler !== null)
    .map(([id]) => id)
    .join(" ");
  useEffect(() => {
    const ids = possible.split(" ").filter(Boolean) as CommandId[];
    return commands.handle(Object.fromEntries(ids.map((id) => [id, () => run(id)])));
  }, [commands, possible]);
}
