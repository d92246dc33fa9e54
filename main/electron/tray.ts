import { Menu, Tray, type MenuItemConstructorOptions } from "electron";
import { join } from "node:path";
import type { HubHost } from "./hub-host.ts";

export interface TrayActions {
  show(): void;
  openInBrowser(): void;
  copyAddress(): void;
  quit(): void;
}

/** The lamp beside the clock: tells whether the hub runs, and keeps it in reach while the window is closed. */
export function createTray(images: string, host: HubHost, actions: TrayActions): Tray {
  const image = (name: string): string => join(images, process.platform === "darwin" ? `${name}Template.png` : `${name}.png`);
  const tray = new Tray(image("tray"));
  const refresh = (): void => {
    const running = host.state().state === "running";
    tray.setImage(image(running ? "tray" : "tray-stopped"));
    tray.setToolTip(`Signalbox: ${describe(host)}`);
    tray.setContextMenu(Menu.buildFromTemplate(toTrayTemplate(describe(host), running, actions)));
  };
  refresh();
  host.onState(refresh);
  tray.on("click", () => actions.show());
  return tray;
}

function toTrayTemplate(description: string, running: boolean, actions: TrayActions): MenuItemConstructorOptions[] {
  return [
    { id: "state", label: description, enabled: false },
    { type: "separator" },
    { id: "show", label: "Show Signalbox", click: () => actions.show() },
    { id: "open-in-browser", label: "Open in Browser", enabled: running, click: () => actions.openInBrowser() },
    { id: "copy-address", label: "Copy Webhook Address", enabled: running, click: () => actions.copyAddress() },
    { type: "separator" },
    { id: "quit", label: "Quit Signalbox", click: () => actions.quit() },
  ];
}

function describe(host: HubHost): string {
  const state = host.state();
  if (state.state === "starting") return "the hub is starting";
  if (state.state === "stopped") return state.restartInMs === null ? "the hub is stopped" : "the hub is restarting";
  const ingress = host.info()?.listeners.find(({ name }) => name === "ingress");
  return ingress ? `receiving at ${ingress.url}` : "running, with no way in";
}
