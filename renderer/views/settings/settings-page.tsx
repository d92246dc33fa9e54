import { useApp, useReadable } from "../../components/app-context.tsx";
import { unsaved } from "../../state/drafts.ts";
import { SETTINGS_SECTIONS } from "../../state/settings-sections.ts";
import "../../styles/settings.css";
import { SECTIONS } from "./sections.tsx";

/** Everything that can be set while the hub runs, one section at a time: /settings/<section>. */
export function SettingsPage() {
  const { router } = useApp();
  const { item } = useReadable(router.route);
  const drafts = useReadable(unsaved);
  const shown = SETTINGS_SECTIONS.find((one) => one.id === item) ?? SETTINGS_SECTIONS[0];
  const { View } = SECTIONS[shown.id];
  return (
    <main className="settings">
      <nav className="settings__nav" aria-label="Settings">
        <h1>Settings</h1>
        {SETTINGS_SECTIONS.map(({ id, title }) => {
          const { icon: Icon, drafts: own = [] } = SECTIONS[id];
          return (
            <a
              key={id}
              className="nav-item"
              href={`/settings/${id}`}
              aria-current={id === shown.id ? "page" : undefined}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                router.go({ page: "settings", item: id });
              }}
            >
              <Icon size={15} aria-hidden="true" />
              <span className="nav-item__text">{title}</span>
              {own.some((name) => drafts.includes(name)) && <span className="settings__unsaved">unsaved</span>}
            </a>
          );
        })}
      </nav>
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div key={shown.id} className="settings__content" role="region" aria-label={shown.title} tabIndex={0}>
        <div className="settings__column">
          <View />
        </div>
      </div>
    </main>
  );
}
