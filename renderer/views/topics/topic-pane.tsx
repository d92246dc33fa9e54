import { ClipboardCopy, Copy, Ellipsis, Pin, X } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, Menu, MenuItem, MenuTrigger, Popover, Tab, TabList, TabPanel, Tabs } from "react-aria-components";
import type { EventSummary } from "../../../main/contract/event.ts";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { KeyCaps } from "../../components/key-caps.tsx";
import { plural, toCount } from "../../format/quantity.ts";
import { toRelative } from "../../format/time.ts";
import { toTopicTerm } from "../../format/topic-term.ts";
import { COMMANDS, type CommandId } from "../../state/commands.ts";
import type { EventFeed } from "../../state/event-feed.ts";
import type { LiveLine } from "../../state/topic-lines.ts";
import { ClearRetained } from "./clear-retained.tsx";
import { DetailsTab } from "./details-tab.tsx";
import { HistoryTab } from "./history-tab.tsx";
import { PublishForm } from "./publish-form.tsx";
import { TopicPath } from "./topic-path.tsx";
import { TOPIC_TABS, topicTab, type TopicTab } from "./topic-tab.ts";
import { useTopicActions } from "./use-topic-actions.ts";
import { useTopicFeed } from "./use-topic-feed.ts";
import { ValueTab } from "./value-tab.tsx";

const MENU: ReadonlySet<CommandId> = new Set([
  "topic.copy",
  "topic.copy-command",
  "event.copy-body",
  "event.copy-link",
  "topic.clear-retained",
]);

/** Everything about one topic, or about all topics below a level that is none itself. */
export function TopicPane({ topic }: { readonly topic: string }) {
  const { commands, hub, router, topics } = useApp();
  const line = useReadable(topics.lines.all).get(topic);
  const isBranch = line !== undefined && !line.isTopic && line.below > 0;
  const feed = useTopicFeed(line === undefined ? null : toTopicTerm(isBranch ? `${topic}/#` : topic));
  const [chosen, setChosen] = useState<EventSummary | null>(null);
  const kept = useReadable(topicTab);
  const tabs: readonly TopicTab[] = isBranch ? TOPIC_TABS.filter((tab) => tab !== "Value") : TOPIC_TABS;
  const tab = tabs.includes(kept) ? kept : "History";
  const step = (by: number): void => topicTab.set(tabs[(tabs.indexOf(tab) + by + tabs.length) % tabs.length]!);
  useCommands({ "tab.next": () => step(1), "tab.previous": () => step(-1) });
  const retained = useTopicActions(topic, line);
  const close = (): void => router.go({ item: null });

  return (
    <div className="detail" aria-busy={line === undefined}>
      <header className="detail__head">
        <div className="detail__name">
          <h2 className="detail__title">
            <TopicPath topic={topic} />
          </h2>
          <p className="detail__facts">{line && <Facts line={line} now={hub.now()} />}</p>
        </div>
        <IconButton label="Copy topic" keys="c" onPress={() => commands.run("topic.copy")}>
          <Copy size={15} aria-hidden="true" />
        </IconButton>
        <IconButton label="Copy value" keys="b" isDisabled={!line?.isTopic} onPress={() => commands.run("event.copy-body")}>
          <ClipboardCopy size={15} aria-hidden="true" />
        </IconButton>
        <MenuTrigger>
          <Button className="icon-button" aria-label="More actions">
            <Ellipsis size={15} aria-hidden="true" />
          </Button>
          <Popover className="popover" placement="bottom end">
            <Menu className="menu" onAction={(action) => commands.run(action as CommandId)}>
              {COMMANDS.filter((one) => MENU.has(one.id) && commands.can(one.id)).map((one) => (
                <MenuItem key={one.id} id={one.id} className="menu__item" textValue={one.title}>
                  <span>
                    {one.id === "event.copy-body" ? "Copy value" : one.id === "event.copy-link" ? "Copy link to topic" : one.title}
                  </span>
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
      <ClearRetained topic={topic} state={retained} />
      {line && feed && (
        <>
          <GoLive feed={feed} tab={tab} />
          <Tabs className="tabs" selectedKey={tab} onSelectionChange={(key) => topicTab.set(key as TopicTab)}>
            <TabList className="tabs__list" aria-label="Topic">
              {tabs.map((name) => (
                <Tab key={name} id={name} className="tabs__tab">
                  {name}
                </Tab>
              ))}
            </TabList>
            {!isBranch && (
              <TabPanel id="Value" className="tabs__panel">
                <ValueTab topic={topic} feed={feed} chosen={chosen} onChoose={setChosen} />
              </TabPanel>
            )}
            <TabPanel id="History" className="tabs__panel">
              <HistoryTab
                topic={topic}
                feed={feed}
                withTopics={isBranch}
                chosenId={chosen?.id ?? null}
                onOpen={(event) => {
                  if (isBranch) return router.go({ page: "events", item: event.id });
                  setChosen(event);
                  topicTab.set("Value");
                }}
              />
            </TabPanel>
            <TabPanel id="Publish" className="tabs__panel">
              <PublishForm topic={isBranch ? `${topic}/` : topic} />
            </TabPanel>
            <TabPanel id="Details" className="tabs__panel">
              <DetailsTab topic={topic} line={line} onClear={retained.ask} />
            </TabPanel>
          </Tabs>
        </>
      )}
    </div>
  );
}

/** A list that was scrolled holds its events back; wherever else one looks, they are wanted. */
function GoLive({ feed, tab }: { readonly feed: EventFeed; readonly tab: TopicTab }) {
  useEffect(() => {
    if (tab !== "History") feed.release("scroll");
  }, [feed, tab]);
  return null;
}

function Facts({ line, now }: { readonly line: LiveLine; readonly now: number }) {
  return (
    <>
      {line.lastAt !== null && <span>{toRelative(line.lastAt, now)}</span>}
      {line.perSecond >= 0.05 && <span>{line.perSecond < 10 ? line.perSecond.toFixed(1) : toCount(Math.round(line.perSecond))}/s</span>}
      {line.count > 0 && <span>{plural(line.count, "event")}</span>}
      {line.below > 0 && <span>{line.below >= 1000 ? "1,000+ topics" : plural(line.below, "topic")} below</span>}
      {line.retained && (
        <span className="topic-retained">
          <Pin size={11} aria-hidden="true" /> Retained
        </span>
      )}
      {line.lastSeq === 0 && <span>No events in the log</span>}
    </>
  );
}
