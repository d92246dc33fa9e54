import { useState, type ReactNode } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Refusal, Result } from "../../main/contract/errors.ts";
import { Notice } from "./notice.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What will happen. */
  readonly children: ReactNode;
  /** The word on the button that does it. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** Closes the dialog when it succeeds; a refusal is shown in it. */
  readonly onConfirm: () => Promise<Result<unknown>>;
}

/** Asks before something that cannot be taken back; the safe way out has the focus. */
export function ConfirmDialog({ title, isOpen, onClose, children, action, isDangerous = false, onConfirm }: ConfirmDialogProps) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const close = (): void => {
    setRefusal(null);
    onClose();
  };
  const confirm = async (): Promise<void> => {
    setBusy(true);
    const result = await onConfirm();
    setBusy(false);
    if (result.ok) close();
    else setRefusal(result.refusal);
  };
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable onOpenChange={(open) => !open && close()}>
      <Modal className="dialog dialog--confirm">
        <Dialog className="dialog__body" role="alertdialog">
          <div className="confirm">
            <Heading slot="title">{title}</Heading>
            {children}
            {refusal && (
              <Notice tone="bad" isAlert>
                {refusal.message}
              </Notice>
            )}
          </div>
          <footer className="dialog__foot">
            {/* The safe way out comes first (ARIA alert dialog pattern). */}
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
            <Button className="button" autoFocus onPress={close}>
              Cancel
            </Button>
            <Button
              className={isDangerous ? "button button--danger" : "button button--primary"}
              isPending={isBusy}
              onPress={() => void confirm()}
            >
              {action}
            </Button>
          </footer>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
