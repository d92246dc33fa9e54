import { useEffect, useState } from "react";
import type { EventDetail } from "../../../main/contract/event.ts";
import { useApp } from "../../components/app-context.tsx";
import { toRefusal } from "../../link/connection.ts";
import { MAX_VIEW_BYTES } from "../../state/body-loader.ts";
import { readBody, type ReadBody } from "../../state/read-body.ts";

export type BodyState =
  | { readonly state: "loading"; readonly loadedBytes: number; readonly totalBytes: number }
  | { readonly state: "failed"; readonly reason: string }
  | ({
      readonly state: "ready";
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** More is stored than is shown. */ readonly cut: boolean;
    } & ReadBody);

/** A smaller one is here before its progress could be seen; what was shown before stays meanwhile. */
const PROGRESS_BYTES = 512 * 1024;

/** An event's body, fetched in pieces and read as text and JSON away from the page's own thread when it is large. */
export function useBody(event: EventDetail): BodyState {
  const { bodies } = useApp();
  const [body, setBody] = useState<BodyState>({ state: "loading", loadedBytes: 0, totalBytes: event.storedBytes });
  useEffect(() => {
    const abort = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const bytes = await bodies.load(event, {
          signal: abort.signal,
          ...(event.storedBytes > PROGRESS_BYTES && {
            onProgress: (loadedBytes) => setBody({ state: "loading", loadedBytes, totalBytes: event.storedBytes }),
          }),
        });
        const read = await readBody(bytes, event.contentType, abort.signal);
        if (!abort.signal.aborted) setBody({ state: "ready", bytes, cut: event.storedBytes > MAX_VIEW_BYTES, ...read });
      } catch (error) {
        if (!abort.signal.aborted) setBody({ state: "failed", reason: toRefusal(error).message });
      }
    };
    void load();
    return () => abort.abort();
  }, [bodies, event]);
  return body;
}
