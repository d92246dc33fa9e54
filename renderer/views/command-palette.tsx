import {
  Autocomplete,
  Dialog,
  Header,
  Input,
  Label,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
  useFilter,
} from "react-aria-components";
import { useApp } from "../components/app-context.tsx";
import { KeyCaps } from "../components/key-caps.tsx";
import type { CommandId } from "../state/commands.ts";
import { ALL_COMMANDS } from "./pages.tsx";

const SECTIONS = ["Selected event", "Devices", "Go to", "List", "Events", "Topics", "View"] as const;

/** Every command that is possible now, found by typing. */
export function CommandPalette({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { commands } = useApp();
  const { contains } = useFilter({ sensitivity: "base" });
  const run = (id: CommandId): void => {
    onClose();
    // After the dialog has given the focus back: a command may want to put it elsewhere.
    setTimeout(() => commands.run(id));
  };
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} isDismissable onOpenChange={(open) => !open && onClose()}>
      <Modal className="dialog dialog--palette">
        <Dialog className="dialog__body" aria-label="Command palette">
          <Autocomplete filter={contains}>
            {/* A dialog takes the focus to what it is opened for (ARIA dialog pattern). */}
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
            <SearchField className="palette__field" autoFocus>
              <Label className="visually-hidden">Command</Label>
              <Input className="palette__input" placeholder="Type a command" />
            </SearchField>
            {/* The keyboard stays in the field; what scrolls must be reachable all the same (WCAG 2.1.1). */}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
            <section className="palette__list" aria-label="Possible commands" tabIndex={0}>
              <Menu
                className="menu"
                aria-label="Commands"
                onAction={(id) => run(id as CommandId)}
                renderEmptyState={() => <p className="palette__none">No such command.</p>}
              >
                {SECTIONS.map((section) => {
                  const possible = ALL_COMMANDS.filter((one) => one.section === section && one.inPalette !== false && commands.can(one.id));
                  return possible.length === 0 ? null : (
                    <MenuSection key={section} id={section}>
                      <Header className="menu__header">{section}</Header>
                      {possible.map(({ id, title, keys }) => (
                        <MenuItem key={id} id={id} className="menu__item" textValue={title}>
                          <span>{title}</span>
                          <KeyCaps keys={keys.slice(0, 1)} />
                        </MenuItem>
                      ))}
                    </MenuSection>
                  );
                })}
              </Menu>
            </section>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
