import { desktop } from "./desktop.ts";

/** Gives a person a file: by the system's dialog on the desktop, as a download in a browser. False when they changed their mind. */
export async function saveFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<boolean> {
  if (desktop) return desktop.saveFile(name, bytes);
  // Never as a page: the type is neutral.
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const anchor = document.createElement("a");
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}
