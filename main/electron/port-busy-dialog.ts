import { app, dialog } from "electron";
import type { Refusal } from "../contract/errors.ts";
import { toAuthority } from "../platform/net.ts";
import { findFreePort } from "../platform/free-port.ts";

/** Offers the next free port instead of the busy one. Gives the flags to start the hub with, or null when the person quits. */
export async function offerFreePort(refusal: Refusal): Promise<readonly string[] | null> {
  const { setting, host, port } = refusal.details ?? {};
  if (typeof setting !== "string" || typeof host !== "string" || typeof port !== "number") return null;
  const free = await findFreePort(host, port + 1);
  const choices = [...(free === null ? [] : [`Use port ${free} this time`]), "Try again", "Quit"];
  const { response } = await dialog.showMessageBox({
    type: "warning",
    title: "Signalbox",
    message: `Port ${port} is in use by another program.`,
    detail: `${refusal.message}\n\nAnother port stays in use until Signalbox is quit. To change it for good, set "${setting}" in signalbox.yaml.`,
    buttons: choices,
    defaultId: 0,
    cancelId: choices.length - 1,
    noLink: true,
  });
  const choice = choices[response];
  if (choice === "Try again") return [];
  if (choice?.startsWith("Use port") && free !== null) return [`--${setting}`, toAuthority(host, free)];
  app.quit();
  return null;
}
