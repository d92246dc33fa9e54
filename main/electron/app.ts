import {
  app,
  clipboard,
  dialog,
  Menu,
  MessageChannelMain,
  nativeTheme,
  Notification,
  session,
  shell,
  utilityProcess,
  type BrowserWindow,
} from "electron";
import { join } from "node:path";
import type { DesktopChannel, MenuCommand } from "../contract/desktop.ts";
import { systemClock } from "../platform/clock.ts";
import { registerPageScheme, servePage } from "./app-protocol.ts";
import { findDeepLink, LINK_SCHEME, parseDeepLink } from "./deep-link.ts";
import { serveDesktopApi } from "./desktop-api.ts";
import { guardApp, guardSession } from "./guards.ts";
import { createHubHost } from "./hub-host.ts";
import { openLogFile } from "./log-file.ts";
import { toMenuTemplate } from "./menu.ts";
import { offerFreePort } from "./port-busy-dialog.ts";
import { openPreferences, type Theme } from "./preferences.ts";
import { createTray } from "./tray.ts";
import { createWindow, loadPage, showWindow } from "./window.ts";

// The desktop app: windows, menu and tray around a hub that runs in a process of its own. Wiring only.

const dist = join(import.meta.dirname, "../..");
const resources = join(dist, "../resources");

app.enableSandbox();
registerPageScheme();
// Chromium's own files must not lie among the hub's, whose data folder is the same on macOS and Windows.
app.setPath("sessionData", join(app.getPath("userData"), "window"));

if (app.requestSingleInstanceLock()) runApp();
else app.quit();

function runApp(): void {
  const log = openLogFile(app.getPath("logs"));
  const preferences = openPreferences(join(app.getPath("userData"), "desktop.json"));
  const host = createHubHost({
    fork() {
      const hub = utilityProcess.fork(join(dist, "main/hub-process.js"), [], { serviceName: "Signalbox hub", stdio: "pipe" });
      log.takeFrom(hub);
      return hub;
    },
    createChannel: () => new MessageChannelMain(),
    clock: systemClock,
    onRefused: async (refusal) => (refusal.code === "PORT_BUSY" ? offerFreePort(refusal) : null),
  });
  host.onState((state) => {
    if (state.state === "stopped") log.note(state.reason);
  });
  let window: BrowserWindow | null = null;
  let quitting = false;
  let wanted = findDeepLink(process.argv);

  const show = (url?: string | null): void => {
    if (window) showWindow(window, url ?? undefined);
    else wanted = url ?? wanted; // before the window is there
  };
  const openInBrowser = async (): Promise<void> => {
    const link = await host.createLoginLink();
    if (link) await shell.openExternal(link);
  };
  const copyAddress = (): void => {
    const ingress = host.info()?.listeners.find(({ name }) => name === "ingress");
    if (ingress) void clipboard.writeText(`${ingress.url}/in/my-source`);
  };
  const revealDataFolder = (): void => {
    const folder = host.info()?.dataFolder;
    if (folder) void shell.openPath(folder);
  };
  const showLogFile = (): void => {
    if (!log.path) return dialog.showErrorBox("There is no log file", `It could not be written: ${log.failure}`);
    shell.showItemInFolder(log.path);
  };
  const command = (name: MenuCommand): void => window?.webContents.send("page:command" satisfies DesktopChannel, name);
  const setTheme = (theme: Theme): void => {
    nativeTheme.themeSource = theme;
    preferences.set({ theme });
    command(`theme-${theme}`);
  };

  /** Closing the window leaves the hub at work; the tray, a second start or the dock brings the window back. */
  const keepRunning = (event: Electron.Event): void => {
    if (quitting) return;
    event.preventDefault();
    window?.hide();
    if (preferences.get().toldAboutTray || !Notification.isSupported()) return;
    preferences.set({ toldAboutTray: true });
    new Notification({
      title: "Signalbox keeps receiving",
      body: "The window is closed, the hub runs on. Quit it from the lamp in the tray.",
    }).show();
  };

  const open = (): void => {
    guardSession(session.defaultSession);
    servePage(join(dist, "renderer"));
    serveDesktopApi(host, () => window);
    nativeTheme.themeSource = preferences.get().theme;
    const actions = {
      command,
      setTheme,
      openInBrowser: () => void openInBrowser(),
      copyAddress,
      revealDataFolder,
      restartHub: () => void host.restart(),
      showLogFile,
    };
    const { platform } = process;
    Menu.setApplicationMenu(
      Menu.buildFromTemplate(toMenuTemplate({ platform, theme: preferences.get().theme, forDevelopers: !app.isPackaged, actions })),
    );
    createTray(resources, host, { ...actions, show, quit: () => app.quit() });
    window = createWindow({ preload: join(dist, "preload/preload.cjs"), icon: join(resources, "icon.png"), preferences, note: log.note });
    window.on("close", keepRunning);
    window.once("closed", () => (window = null));
    host.start();
    loadPage(window, wanted ?? undefined);
  };

  guardApp();
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  app.on("second-instance", (_event, argv) => show(findDeepLink(argv)));
  app.on("open-url", (event, url) => {
    event.preventDefault();
    show(parseDeepLink(url));
  });
  app.on("activate", () => show());
  app.on("before-quit", () => (quitting = true));
  app.on("window-all-closed", () => app.quit());
  let stopped = false;
  app.on("will-quit", (event) => {
    if (stopped) return;
    event.preventDefault(); // until the hub has committed what it holds
    void host.stop().finally(() => {
      stopped = true;
      app.quit();
    });
  });
  void app.whenReady().then(open);
}
