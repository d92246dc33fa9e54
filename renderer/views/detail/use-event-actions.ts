import type { EventDetail } from "../../../main/contract/event.ts";
import { useApp, useCommands } from "../../components/app-context.tsx";
import { useCopy } from "../../components/use-copy.ts";
import { decodeText, extensionFor } from "../../format/body-kind.ts";
import { toCurl } from "../../format/curl.ts";
import { desktop } from "../../link/desktop.ts";
import { saveFile } from "../../link/save-file.ts";
import { toRefusal } from "../../link/connection.ts";
import { ingressUrl } from "../../state/hub-status.ts";

/** A command line longer than this is of no use to anyone. */
const MAX_CURL_BYTES = 512 * 1024;

/** What can be done with the event that is shown, by key, menu or palette. */
export function useEventActions(event: EventDetail | null): void {
  const { bodies, hub, toasts } = useApp();
  const copy = useCopy();

  const curl = async (of: EventDetail): Promise<string> => {
    if (of.storedBytes > MAX_CURL_BYTES)
      throw new Error("its body is too large for a command line. Download it and send it with --data-binary @file.");
    const url = of.publicUrl ?? `${ingressUrl(hub.status.get()) ?? ""}${of.path ?? "/"}`;
    return toCurl({ method: of.method ?? "POST", url, httpVersion: of.httpVersion, headers: of.headers, body: await bodies.load(of) });
  };
  const text = async (of: EventDetail): Promise<string> => {
    const decoded = decodeText(await bodies.load(of));
    if (decoded === null) throw new Error("it is binary. Download it instead.");
    return decoded;
  };
  const download = async (of: EventDetail): Promise<void> => {
    try {
      const bytes = await bodies.load(of, { limit: of.storedBytes });
      const name = `${of.id}.${extensionFor(of.contentType)}`;
      const isSaved = await saveFile(name, bytes);
      if (desktop && isSaved) toasts.show(`Saved ${name}`); // a browser says so itself
    } catch (error) {
      toasts.show(`The body could not be downloaded: ${toRefusal(error).message}`, "bad");
    }
  };

  useCommands({
    "event.copy-curl": event?.method
      ? () => void copy(curl(event), event.truncated ? "Command with the stored part of the body" : "Command")
      : null,
    "event.copy-body": event && event.storedBytes > 0 ? () => void copy(text(event), "Body") : null,
    "event.copy-link": event
      ? () => void copy(desktop ? `signalbox://events/${event.id}` : `${location.origin}/events/${event.id}`, "Link")
      : null,
    "event.download": event && event.storedBytes > 0 ? () => void download(event) : null,
  });
}
