import { Bookmark, CircleHelp, Monitor, Moon, PanelLeft, Search, Sun, Webhook } from "lucide-react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../components/app-context.tsx";
import { IconButton } from "../components/icon-button.tsx";
import { keyName } from "../components/key-caps.tsx";
import { SignalLogo } from "../components/signal-logo.tsx";
import { splitTerms, toTerm, toggleTerm } from "../format/filter-terms.ts";
import { savedFilters } from "../state/saved-filters.ts";
import { THEMES, theme } from "../state/theme.ts";
import { ConnectionStatus } from "./connection-status.tsx";
import { PageLinks } from "./pages.tsx";

const MAX_SOURCES = 40;
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

export function Sidebar() {
  const { commands, connection, router } = useApp();
  const { state } = useReadable(connection.state);
  const route = useReadable(router.route);
  const chosen = useReadable(theme);
  const next = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length]!;
  const ThemeIcon = THEME_ICONS[chosen];
  const filter = route.page === "events" ? route.filter : "";
  return (
    <nav className="sidebar" aria-label="Main">
      <div className="sidebar__brand">
        <SignalLogo lit={state === "open"} />
        <span className="sidebar__name">Signalbox</span>
        <IconButton label="Hide or show the side bar" keys="\" className="sidebar__fold" onPress={() => commands.run("sidebar.toggle")}>
          <PanelLeft size={15} aria-hidden="true" />
        </IconButton>
      </div>
      <Button className="sidebar__search" onPress={() => commands.run("palette")}>
        <Search size={14} aria-hidden="true" />
        <span className="sidebar__word">Search commands</span>
        <kbd>{keyName("Mod+k")}</kbd>
      </Button>
      <div className="sidebar__scroll">
        <PageLinks />
        <SourceLinks filter={filter} />
        <SavedLinks filter={filter} />
      </div>
      <footer className="sidebar__foot">
        <ConnectionStatus />
        <span className="sidebar__tools">
          <IconButton label={`Theme: ${chosen}. Change to ${next}`} onPress={() => theme.set(next)}>
            <ThemeIcon size={15} aria-hidden="true" />
          </IconButton>
          <IconButton label="Keyboard shortcuts" keys="?" onPress={() => commands.run("help")}>
            <CircleHelp size={15} aria-hidden="true" />
          </IconButton>
        </span>
      </footer>
    </nav>
  );
}

function SourceLinks({ filter }: { readonly filter: string }) {
  const { router, sources } = useApp();
  const all = useReadable(sources.all);
  if (all.length === 0) return null;
  const newestFirst = all.toSorted((a, b) => (b.lastEventAt ?? 0) - (a.lastEventAt ?? 0) || a.name.localeCompare(b.name));
  return (
    <section className="sidebar__group" aria-labelledby="sidebar-sources">
      <h2 id="sidebar-sources">Sources</h2>
      {newestFirst.slice(0, MAX_SOURCES).map(({ name }) => (
        <Button
          key={name}
          className="nav-item"
          aria-pressed={splitTerms(filter).includes(toTerm("source", name))}
          onPress={() => router.go({ page: "events", filter: toggleTerm(filter, "source", name) })}
        >
          <Webhook size={14} aria-hidden="true" />
          <span className="nav-item__text">{name}</span>
        </Button>
      ))}
    </section>
  );
}

function SavedLinks({ filter }: { readonly filter: string }) {
  const { router } = useApp();
  const saved = useReadable(savedFilters.saved);
  if (saved.length === 0) return null;
  return (
    <section className="sidebar__group" aria-labelledby="sidebar-saved">
      <h2 id="sidebar-saved">Saved filters</h2>
      {saved.map((one) => (
        <Button
          key={one}
          className="nav-item"
          aria-pressed={one === filter}
          onPress={() => router.go({ page: "events", filter: one === filter ? "" : one })}
        >
          <Bookmark size={14} aria-hidden="true" />
          <span className="nav-item__text nav-item__text--mono">{one}</span>
        </Button>
      ))}
    </section>
  );
}
