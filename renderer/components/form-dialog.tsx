import { X } from "lucide-react";
import { useState, type ReactNode, type SyntheticEvent } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { Refusal } from "../../main/contract/errors.ts";
import { IconButton } from "./icon-button.tsx";
import { Notice } from "./notice.tsx";

interface FormDialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** The word on the button that sends the form. */
  readonly action: string;
  readonly onSubmit: () => void;
  /** Something was typed: closing asks first. */
  readonly isDirty: boolean;
  readonly isBusy: boolean;
  readonly refusal: Refusal | null;
}

/** A form over the page. It never loses what was typed without asking; a press beside it does nothing. */
export function FormDialog({ title, onClose, children, action, onSubmit, isDirty, isBusy, refusal }: FormDialogProps) {
  const [isLeaving, setLeaving] = useState(false);
  const close = (): void => (isDirty && !isLeaving ? setLeaving(true) : onClose());
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!isBusy) onSubmit();
  };
  return (
    <ModalOverlay className="overlay" isOpen onOpenChange={(open) => !open && close()}>
      <Modal className="dialog dialog--form">
        <Dialog className="dialog__body">
          <header className="dialog__head">
            <Heading slot="title">{title}</Heading>
            <IconButton label="Close" keys="Esc" onPress={close}>
              <X size={15} aria-hidden="true" />
            </IconButton>
          </header>
          <form className="form" onSubmit={submit} noValidate>
            <div className="form__fields">{children}</div>
            {refusal && (
              <Notice tone="bad" isAlert>
                {refusal.message}
              </Notice>
            )}
            <footer className="dialog__foot">
              {isLeaving ? (
                <>
                  <span className="dialog__ask" role="alert">
                    Throw away what you typed?
                  </span>
                  <Button className="button" onPress={() => setLeaving(false)}>
                    Go on editing
                  </Button>
                  <Button className="button button--danger" onPress={onClose}>
                    Throw away
                  </Button>
                </>
              ) : (
                <>
                  <Button className="button" onPress={close}>
                    Cancel
                  </Button>
                  <Button type="submit" className="button button--primary" isPending={isBusy}>
                    {action}
                  </Button>
                </>
              )}
            </footer>
          </form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
