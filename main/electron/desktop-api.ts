import { app, dialog, ipcMain, shell, type BrowserWindow, type IpcMainEvent, type IpcMainInvokeEvent } from "electron";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DesktopChannel } from "../contract/desktop.ts";
import { parseFileName } from "./file-name.ts";
import type { HubHost } from "./hub-host.ts";
import { parseOutsideLink } from "./outside-link.ts";
import { isPageUrl } from "./page-origin.ts";

/** The main process's end of DesktopApi. Who asks is checked, and what they give is parsed (Electron checklist, 17). */
export function serveDesktopApi(host: HubHost, getWindow: () => BrowserWindow | null): void {
  const handle = (channel: DesktopChannel, handler: (...args: readonly unknown[]) => Promise<unknown>): void =>
    ipcMain.handle(channel, (event, ...args: readonly unknown[]) => {
      if (!isOwnPage(event)) throw new Error(`${channel} is not for this page.`);
      return handler(...args);
    });

  ipcMain.on("hub:connect" satisfies DesktopChannel, (event) => {
    if (!isOwnPage(event)) return;
    const { sender } = event;
    sender.send("hub:state" satisfies DesktopChannel, host.state());
    host.connect(sender.id, (port) => {
      if (!sender.isDestroyed()) sender.postMessage("hub:port" satisfies DesktopChannel, null, [port]);
    });
  });
  host.onState((state) => getWindow()?.webContents.send("hub:state" satisfies DesktopChannel, state));

  handle("hub:restart", () => host.restart());

  handle("file:save", async (suggestedName, bytes) => {
    const name = parseFileName(suggestedName);
    if (name === null || !(bytes instanceof Uint8Array)) throw new Error("A file name and its bytes are needed.");
    const options = { defaultPath: join(app.getPath("downloads"), name) };
    const window = getWindow();
    const { canceled, filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options));
    if (canceled || !filePath) return false;
    await writeFile(filePath, bytes);
    return true;
  });

  handle("link:open", async (url) => {
    const link = parseOutsideLink(url);
    if (link === null) throw new Error("Only https links are opened outside Signalbox.");
    await shell.openExternal(link);
  });

  handle("folder:reveal", async () => {
    const folder = host.info()?.dataFolder;
    if (folder === undefined) throw new Error("The hub is not running, so its data folder is not known.");
    const failure = await shell.openPath(folder);
    if (failure) throw new Error(`The folder ${folder} could not be opened: ${failure}`);
  });
}

/** Only the page itself, in its top frame. A frame that is gone by now has no answer coming to it. */
function isOwnPage({ senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isPageUrl(senderFrame.url);
}
