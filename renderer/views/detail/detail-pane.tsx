import { Download, Ellipsis, Link2, Terminal, X } from "lucide-react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCaps } from "../../components/key-caps.tsx";
import { TitleText } from "../../components/title-text.tsx";
import { LampLabel } from "../../components/lamp-label.tsx";
import { toEventTitle } from "../../format/event-title.ts";
import { stateLamp, STATE_LABELS, statusLamp } from "../../format/lamp.ts";
import { toCount, toSize } from "../../format/quantity.ts";
import { toClock } from "../../format/time.ts";
import { COMMANDS, type CommandId } from "../../state/commands.ts";
import { createStored } from "../../state/stored.ts";
import { BodyTab } from "./body-tab.tsx";
import { HeadersTab } from "./headers-tab.tsx";
import { OverviewTab } from "./overview-tab.tsx";
import { RawTab } from "./raw-tab.tsx";
import { useEventActions } from "./use-event-actions.ts";
import { useEventDetail } from "./use-event-detail.ts";

const TABS = ["Overview", "Headers", "Body", "Raw"] as const;
type TabName = (typeof TABS)[number];
const kept = createStored<TabName>("detail-tab", "Overview", (value) => TABS.find((one) => one === value) ?? null);
const MENU: ReadonlySet<CommandId> = new Set(["event.copy-curl", "event.copy-body", "event.copy-link", "event.download"]);

/** Everything about one event. */
export function DetailPane({ id }: { readonly id: string }) {
  const { commands, router } = useApp();
  const { event, refusal } = useEventDetail(id);
  const tab = useReadable(kept);
  const step = (by: number): void => kept.set(TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length]!);
  useCommands({ "tab.next": () => step(1), "tab.previous": () => step(-1) });
  useEventActions(event);
  const close = (): void => router.go({ item: null });

  if (refusal)
    return (
      <div className="detail">
        <header className="detail__head">
          <h2 className="detail__title">Event {id}</h2>
          <IconButton label="Close details" keys="Esc" onPress={close}>
            <X size={15} aria-hidden="true" />
          </IconButton>
        </header>
        <div className="empty">
          <h2>This event cannot be shown</h2>
          <p>{refusal.message}</p>
        </div>
      </div>
    );
  if (!event) return <div className="detail" aria-busy="true" />;
  return (
    <div className="detail" aria-busy={event.id !== id}>
      <header className="detail__head">
        <div className="detail__name">
          <h2 className="detail__title">
            {event.method !== null && <span className="method">{event.method}</span>}
            <TitleText title={toEventTitle(event)} />
          </h2>
          <p className="detail__facts">
            <span>#{toCount(event.seq)}</span>
            <span>{toClock(event.time)}</span>
            <span>{toSize(event.size)}</span>
            {event.status !== null && <LampLabel lamp={statusLamp(event.status)}>{event.status}</LampLabel>}
            {event.state !== "accepted" && <LampLabel lamp={stateLamp(event.state)}>{STATE_LABELS[event.state]}</LampLabel>}
          </p>
        </div>
        <IconButton label="Copy as curl" keys="y" isDisabled={event.method === null} onPress={() => commands.run("event.copy-curl")}>
          <Terminal size={15} aria-hidden="true" />
        </IconButton>
        <IconButton label="Copy link to event" keys="u" onPress={() => commands.run("event.copy-link")}>
          <Link2 size={15} aria-hidden="true" />
        </IconButton>
        <IconButton label="Download body" keys="d" isDisabled={event.storedBytes === 0} onPress={() => commands.run("event.download")}>
          <Download size={15} aria-hidden="true" />
        </IconButton>
        <MenuTrigger>
          <Button className="icon-button" aria-label="More actions">
            <Ellipsis size={15} aria-hidden="true" />
          </Button>
          <Popover className="popover" placement="bottom end">
            <Menu className="menu" onAction={(action) => commands.run(action as CommandId)}>
              {COMMANDS.filter((one) => MENU.has(one.id) && commands.can(one.id)).map((one) => (
                <MenuItem key={one.id} id={one.id} className="menu__item" textValue={one.title}>
                  <span>{one.title}</span>
                  <KeyCaps keys={one.keys} />
                </MenuItem>
              ))}
            </Menu>
          </Popover>
        </MenuTrigger>
        <IconButton label="Close details" keys="Esc" onPress={close}>
          <X size={15} aria-hidden="true" />
        </IconButton>
      </header>
      <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => kept.set(key as TabName)}>
        <TabList className="tabs__list" aria-label="Event">
          {TABS.map((name) => (
            <Tab key={name} id={name} className="tabs__tab">
              {name}
              {name === "Headers" && event.headers.length > 0 && <span className="tabs__count">{event.headers.length}</span>}
            </Tab>
          ))}
        </TabList>
        <TabPanel id="Overview" className="tabs__panel">
          <OverviewTab event={event} />
        </TabPanel>
        <TabPanel id="Headers" className="tabs__panel">
          <HeadersTab event={event} />
        </TabPanel>
        <TabPanel id="Body" className="tabs__panel">
          <BodyTab key={event.id} event={event} />
        </TabPanel>
        <TabPanel id="Raw" className="tabs__panel">
          <RawTab key={event.id} event={event} />
        </TabPanel>
      </Tabs>
    </div>
  );
}
