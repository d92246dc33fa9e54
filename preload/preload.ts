import { contextBridge, ipcRenderer } from "electron";
import type { DesktopApi, DesktopChannel, GoCommand, HUB_PORT, HubProcessState, MenuCommand } from "../main/contract/desktop.ts";

// A sandboxed preload is one file: of the contract it takes types only, so this value is checked against it, not imported.
const hubPort: typeof HUB_PORT = "signalbox:hub-port";

const send = (channel: DesktopChannel): void => ipcRenderer.send(channel);
const invoke = (channel: DesktopChannel, ...args: readonly unknown[]): Promise<unknown> => ipcRenderer.invoke(channel, ...args);

interface Pushed {
  "hub:state": HubProcessState;
  "page:command": MenuCommand | GoCommand;
}

/** Hands on what the main process says; Electron's event, which would give the page `ipcRenderer`, stays here. */
function receive<C extends keyof Pushed & DesktopChannel>(channel: C, listener: (item: Pushed[C]) => void): () => void {
  const handler = (_event: unknown, item: Pushed[C]): void => listener(item);
  ipcRenderer.on(channel, handler);
  return () => void ipcRenderer.off(channel, handler);
}

let hubState: HubProcessState = { state: "starting" };
receive("hub:state", (state) => (hubState = state));

// The port cannot cross the context bridge; a window message of this very origin carries it to the page.
ipcRenderer.on("hub:port" satisfies DesktopChannel, ({ ports }) => window.postMessage({ type: hubPort }, window.location.origin, ports));

const api: DesktopApi = {
  platform: process.platform,
  connect: () => send("hub:connect"),
  onHubState(listener) {
    listener(hubState);
    return receive("hub:state", listener);
  },
  onCommand: (listener) => receive("page:command", listener),
  restartHub: async () => void (await invoke("hub:restart")),
  saveFile: async (suggestedName, bytes) => (await invoke("file:save", suggestedName, bytes)) === true,
  openExternal: async (url) => void (await invoke("link:open", url)),
  revealDataFolder: async () => void (await invoke("folder:reveal")),
};

contextBridge.exposeInMainWorld("signalbox", api);
