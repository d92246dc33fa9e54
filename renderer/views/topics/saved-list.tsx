import { BookmarkPlus, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { MAX_PAYLOAD_NAME_CHARS, type SavedPayload } from "../../../main/contract/payload.ts";
import { IconButton } from "../../components/icon-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { TextRow } from "../../components/text-row.tsx";
import { useAttempt } from "../../components/use-attempt.ts";
import { useCallResult } from "../../components/use-call-result.ts";
import type { Publication } from "../../state/published.ts";

interface SavedListProps {
  /** What stands in the form now. */
  readonly publication: Publication;
  readonly onLoad: (publication: Publication, name: string) => void;
  readonly onSend: (publication: Publication) => void;
}

/** Payloads kept by name in the hub, for everyone who uses it. */
export function SavedList({ publication, onLoad, onSend }: SavedListProps) {
  const saved = useCallResult("payloads.list", {});
  const attempt = useAttempt();
  const [name, setName] = useState<string | null>(null);
  const payloads = saved.value?.payloads ?? [];
  const save = async (): Promise<void> => {
    if (name === null || name.trim() === "") return;
    const done = await attempt.call("payloads.save", { ...publication, name: name.trim() });
    if (!done.ok) return;
    setName(null);
    saved.reload();
  };
  const remove = async (payload: SavedPayload): Promise<void> => {
    if ((await attempt.call("payloads.remove", { name: payload.name })).ok) saved.reload();
  };
  return (
    <section className="publish__list" aria-label="Saved payloads">
      <div className="publish__list-head">
        <h3>Saved</h3>
        {name === null && (
          <Button className="button button--small" onPress={() => setName("")}>
            <BookmarkPlus size={12} aria-hidden="true" />
            Save this one…
          </Button>
        )}
      </div>
      {name !== null && (
        <form
          className="publish__save"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <TextRow
            label="Name"
            value={name}
            onChange={setName}
            maxLength={MAX_PAYLOAD_NAME_CHARS}
            placeholder="Kitchen light on"
            // It appears because a person asked for it.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
          />
          <Button type="submit" className="button button--primary" isPending={attempt.isBusy} isDisabled={name.trim() === ""}>
            {payloads.some((one) => one.name === name.trim()) ? "Replace" : "Save"}
          </Button>
          <Button className="button" onPress={() => setName(null)}>
            Cancel
          </Button>
        </form>
      )}
      {attempt.refusal && (
        <Notice tone="bad" isAlert>
          {attempt.refusal.message}
        </Notice>
      )}
      {payloads.length === 0 && name === null && (
        <p className="publish__none">Nothing yet. What is saved here is kept in the hub, for desktop and browsers alike.</p>
      )}
      <ul>
        {payloads.map((payload) => (
          <li key={payload.name} className="publish__item">
            <Button
              className="publish__load"
              aria-label={`Put ${payload.name} into the form`}
              onPress={() => onLoad(payload, payload.name)}
            >
              <strong>{payload.name}</strong>
              <code>{payload.topic}</code>
              <span>{payload.encoding === "base64" ? "bytes" : payload.payload}</span>
            </Button>
            <IconButton label={`Publish ${payload.name} now`} onPress={() => onSend(toPublication(payload))}>
              <Send size={13} aria-hidden="true" />
            </IconButton>
            <IconButton label={`Remove ${payload.name}`} onPress={() => void remove(payload)}>
              <Trash2 size={13} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function toPublication({ topic, payload, encoding, contentType, retain, qos }: SavedPayload): Publication {
  return { topic, payload, encoding, contentType, retain, qos };
}
