import { Button } from "react-aria-components";
import type { Refusal } from "../../../main/contract/errors.ts";
import { Notice } from "../../components/notice.tsx";

interface SaveBarProps {
  readonly isDirty: boolean;
  readonly isBusy: boolean;
  readonly refusal: Refusal | null;
  /** Why it cannot be saved as it is. */
  readonly fault: string | null;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}

/** Appears at the foot of a form as soon as something in it is not saved. */
export function SaveBar({ isDirty, isBusy, refusal, fault, onSave, onDiscard }: SaveBarProps) {
  if (!isDirty) return null;
  return (
    <div className="save-bar">
      {refusal && (
        <Notice tone="bad" isAlert>
          {refusal.message}
        </Notice>
      )}
      <div className="save-bar__row">
        <p role="status">{fault ?? "Not saved yet."}</p>
        <Button className="button" onPress={onDiscard}>
          Discard
        </Button>
        <Button className="button button--primary" isDisabled={fault !== null} isPending={isBusy} onPress={onSave}>
          Save
        </Button>
      </div>
    </div>
  );
}
