import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { IconButton } from "./icon-button.tsx";

interface DialogWindowProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** A dialog over the page: Escape or a press outside closes it, focus stays within and goes back afterwards. */
export function DialogWindow({ title, isOpen, onClose, children, wide = false }: DialogWindowProps) {
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className={wide ? "dialog dialog--wide" : "dialog"}>
        <Dialog className="dialog__body">
          <header className="dialog__head">
            <Heading slot="title">{title}</Heading>
            <IconButton label="Close" keys="Esc" onPress={onClose}>
              <X size={15} aria-hidden="true" />
            </IconButton>
          </header>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
