import { EventEmitter } from "node:events";
import type { WebContents } from "./web-contents.ts";
import { windows } from "./window-list.ts";

type Source = "system" | "light" | "dark";

class NativeTheme extends EventEmitter {
  #source: Source = "system";

  get themeSource(): Source {
    return this.#source;
  }
  set themeSource(source: Source) {
    this.#source = source;
    for (const { webContents } of windows) void this.apply(webContents);
    this.emit("updated");
  }
  get shouldUseDarkColors(): boolean {
    return this.#source === "dark";
  }
  async apply(contents: WebContents): Promise<void> {
    const features = this.#source === "system" ? [] : [{ name: "prefers-color-scheme", value: this.#source }];
    await contents.attached;
    await contents.cdp("Emulation.setEmulatedMedia", { features });
  }
}

export const nativeTheme = new NativeTheme();
