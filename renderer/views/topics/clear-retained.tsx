import { Undo2, X } from "lucide-react";
import { Button } from "react-aria-components";
import { accept, type Result } from "../../../main/contract/errors.ts";
import { useApp } from "../../components/app-context.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { toBase64 } from "../../format/base64.ts";
import { toRefusal } from "../../link/connection.ts";
import type { ClearedRetained, RetainedState } from "./use-topic-actions.ts";

/** Clearing a topic's retained event: asked for first, and taken back by publishing it again while it is still known. */
export function ClearRetained({ topic, state }: { readonly topic: string; readonly state: RetainedState }) {
  const { bodies, connection, toasts } = useApp();
  const { cleared, retainedId, setCleared } = state;

  /** Null when the log has it no more, whole: then there is no way back. */
  const remember = async (): Promise<ClearedRetained | null> => {
    if (retainedId === null) return null;
    try {
      const event = await connection.call("events.get", { id: retainedId });
      return event.truncated ? null : { event, bytes: await bodies.load(event) };
    } catch {
      return null;
    }
  };
  const clear = async (): Promise<Result<unknown>> => {
    try {
      const before = await remember();
      await connection.call("topics.clearRetained", { topic });
      setCleared(before);
      toasts.show("The retained event was cleared");
      return accept(null);
    } catch (error) {
      return { ok: false, refusal: toRefusal(error) };
    }
  };
  const putBack = async ({ event, bytes }: ClearedRetained): Promise<void> => {
    try {
      const { seq } = await connection.call("events.publish", {
        topic,
        payload: toBase64(bytes),
        encoding: "base64",
        ...(event.contentType === null ? {} : { contentType: event.contentType }),
        retain: true,
      });
      setCleared(null);
      toasts.show(`Retained again as event #${seq}`);
    } catch (error) {
      toasts.show(`It could not be put back. ${toRefusal(error).message}`, "bad");
    }
  };

  return (
    <>
      <ConfirmDialog
        title="Clear the retained event?"
        isOpen={state.isAsking}
        onClose={state.close}
        action="Clear it"
        isDangerous
        onConfirm={clear}
      >
        <p>
          New subscribers to <code>{topic}</code> are given nothing then, until something is retained on it again. An empty event is
          published to say so; the events in the log stay.
        </p>
      </ConfirmDialog>
      {cleared && (
        <div className="topic-undo" role="status">
          <span>The retained event was cleared.</span>
          <Button className="button button--small" onPress={() => void putBack(cleared)}>
            <Undo2 size={12} aria-hidden="true" />
            Put it back
          </Button>
          <IconButton label="Dismiss" onPress={() => setCleared(null)}>
            <X size={13} aria-hidden="true" />
          </IconButton>
        </div>
      )}
    </>
  );
}
