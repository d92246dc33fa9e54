import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import type { NewKeyInfo } from "../../../../main/contract/key.ts";
import { useApp, useReadable } from "../../../components/app-context.tsx";
import { CopyButton } from "../../../components/copy-button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { keyCommands } from "../../../format/key-commands.ts";

/** Shows a new key's secret, which nobody can see again. Only its own button closes it. */
export function NewSecretDialog({ made, onClose }: { readonly made: NewKeyInfo; readonly onClose: () => void }) {
  const { hub } = useApp();
  const status = useReadable(hub.status);
  const commands = keyCommands(made, status?.listeners ?? []);
  return (
    <ModalOverlay className="overlay" isOpen isKeyboardDismissDisabled>
      <Modal className="dialog dialog--form">
        <Dialog className="dialog__body">
          <header className="dialog__head">
            <Heading slot="title">The key {made.name} is made</Heading>
          </header>
          <div className="form">
            <div className="form__fields">
              <Notice tone="warn" title="Copy the secret now.">
                It is shown this once. The hub keeps only a hash of it and cannot tell it again.
              </Notice>
              <div className="field">
                <span className="field__label">Secret</span>
                <div className="command-line command-line--secret">
                  <code>{made.secret}</code>
                  <CopyButton text={made.secret} what="Secret" />
                </div>
              </div>
              {commands.map(({ title, command }) => (
                <div key={title} className="field">
                  <span className="field__label">{title}</span>
                  <div className="command-line">
                    <code>{command}</code>
                    <CopyButton text={command} what="Command" />
                  </div>
                </div>
              ))}
            </div>
            <footer className="dialog__foot">
              <CopyButton text={made.secret} what="Secret" labelled />
              <Button className="button button--primary" onPress={onClose}>
                I have it
              </Button>
            </footer>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
