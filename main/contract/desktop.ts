/**
 * What only the desktop window can do, exposed by the preload as `window.signalbox`. At most eight members; everything
 * else goes through the contract. The hub's MessagePort arrives as a window message `{ type: HUB_PORT }` with the port.
 */
export const HUB_PORT = "signalbox:hub-port";

export type HubProcessState =
  | { readonly state: "starting" }
  | { readonly state: "running" }
  | { readonly state: "stopped"; readonly reason: string; readonly restartInMs: number | null };

export type MenuCommand = "pause" | "find" | "clear-filter" | "palette" | "help" | "theme-system" | "theme-light" | "theme-dark";

/** To a page by its path: a link from outside, for a window that is there already. */
export const GO = "go:";
export type GoCommand = `${typeof GO}/${string}`;

export function isGoCommand(command: MenuCommand | GoCommand): command is GoCommand {
  return command.startsWith(GO);
}

export interface DesktopApi {
  readonly platform: string;
  /** Asks for a new port to the hub; it arrives as a window message. */
  connect(): void;
  onHubState(listener: (state: HubProcessState) => void): () => void;
  onCommand(listener: (command: MenuCommand | GoCommand) => void): () => void;
  restartHub(): Promise<void>;
  /** Opens the system's save dialog; false when the person changed their mind. */
  saveFile(suggestedName: string, bytes: Uint8Array): Promise<boolean>;
  openExternal(url: string): Promise<void>;
  revealDataFolder(): Promise<void>;
}

/** The names under which the preload and the main process speak, so that the compiler holds both to the same ones. */
export type DesktopChannel =
  | "hub:connect"
  | "hub:port"
  | "hub:state"
  | "hub:restart"
  | "page:command"
  | "file:save"
  | "link:open"
  | "folder:reveal";
