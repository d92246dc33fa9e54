import { EventEmitter } from "node:events";
import type { Callback } from "./foreign.ts";

export class IpcMain extends EventEmitter {
  readonly handlers = new Map<string, Callback>();

  handle(channel: string, handler: Callback): void {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  }
  removeHandler = (channel: string): void => void this.handlers.delete(channel);
}

export const ipcMain = new IpcMain();
