// The `electron` module of the main process.
export { app } from "./app.ts";
export { BrowserWindow, webContents } from "./browser-window.ts";
export { clipboard, dialog, Notification, screen, shell, Tray } from "./desktop.ts";
export { ipcMain } from "./ipc-main.ts";
export { Menu, MenuItem } from "./menu.ts";
export { MessageChannelMain } from "./message-ports.ts";
export { nativeTheme } from "./native-theme.ts";
export { net, protocol } from "./protocol.ts";
export { safeStorage } from "./safe-storage.ts";
export { session } from "./session.ts";
export { utilityProcess } from "./utility-process.ts";
