import { FILTER_FIELDS } from "../../main/contract/filter.ts";
import { DialogWindow } from "../components/dialog-window.tsx";
import { KeyCaps } from "../components/key-caps.tsx";
import { ALL_COMMANDS } from "./pages.tsx";

const SECTIONS = ["Go to", "List", "Events", "Selected event", "Devices", "Topics", "View"] as const;

/** The keys, and the filter language on one page. */
export function ShortcutHelp({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  return (
    <DialogWindow title="Keyboard shortcuts and filters" isOpen={isOpen} onClose={onClose} wide>
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="help" aria-label="Keys and filter language" tabIndex={0}>
        {SECTIONS.map((section) => (
          <section key={section}>
            <h3>{section}</h3>
            <dl className="help__keys">
              {ALL_COMMANDS.filter((one) => one.section === section && one.keys.length > 0).map(({ id, title, keys }) => (
                <div key={id}>
                  <dt>{title}</dt>
                  <dd>
                    <KeyCaps keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>Filter</h3>
          <dl className="help__filter">
            {Object.entries(FILTER_FIELDS).map(([field, { hint, example }]) => (
              <div key={field}>
                <dt>
                  <code>{example}</code>
                </dt>
                <dd>{hint}</dd>
              </div>
            ))}
            <div>
              <dt>
                <code>&quot;free text&quot; word*</code>
              </dt>
              <dd>words, a phrase, a word&rsquo;s beginning</dd>
            </div>
          </dl>
          <p className="help__note">All terms are required. A comma means “any of”, a dash in front means “not”.</p>
        </section>
      </section>
    </DialogWindow>
  );
}
