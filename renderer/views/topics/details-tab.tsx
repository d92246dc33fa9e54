import { CopyButton } from "../../components/copy-button.tsx";
import { Button } from "react-aria-components";
import { useApp } from "../../components/app-context.tsx";
import { plural, toCount } from "../../format/quantity.ts";
import { toDateTime } from "../../format/time.ts";
import { publishCommands, subscribeCommands } from "../../format/topic-commands.ts";
import type { LiveLine } from "../../state/topic-lines.ts";
import { EventLink } from "../detail/event-link.tsx";
import { Fact, FactList } from "../detail/fact-list.tsx";
import { RecordChoice } from "./record-choice.tsx";
import { useAddresses } from "./use-addresses.ts";

interface DetailsTabProps {
  readonly topic: string;
  readonly line: LiveLine;
  readonly onClear: () => void;
}

/** Figures, what is retained and recorded, and commands for a terminal. */
export function DetailsTab({ topic, line, onClear }: DetailsTabProps) {
  const { hub, router } = useApp();
  const addresses = useAddresses();
  const filter = line.below > 0 && !line.isTopic ? `${topic}/#` : topic;
  const startedAt = hub.status.get()?.startedAt;
  return (
    <div className="overview">
      <FactList title="Topic">
        <Fact name="Name" copy={topic}>
          <code>{topic}</code>
        </Fact>
        <Fact name="Events">
          {toCount(line.count)}
          {startedAt !== undefined && <span className="fact__aside">since {toDateTime(startedAt)}, when the hub started</span>}
        </Fact>
        {line.lastAt !== null && <Fact name="Newest">{toDateTime(line.lastAt)}</Fact>}
        {line.below > 0 && <Fact name="Below it">{line.below >= 1000 ? "1,000 topics or more" : plural(line.below, "topic")}</Fact>}
        <Fact name="Its events">
          <a
            className="link"
            href={`/events?filter=${encodeURIComponent(`topic:${filter}`)}`}
            onClick={(event) => {
              if (event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              router.go({ page: "events", filter: `topic:${filter}` });
            }}
          >
            Show in Events
          </a>
        </Fact>
        {line.isTopic && (
          <Fact name="Retained">
            {line.retainedId === null ? (
              "Nothing: new subscribers wait for the next event"
            ) : (
              <>
                <EventLink id={line.retainedId} />
                <Button className="button button--small topic-clear" onPress={onClear}>
                  Clear…
                </Button>
              </>
            )}
          </Fact>
        )}
      </FactList>
      <RecordChoice topic={topic} filter={filter} />
      <section className="facts">
        <h3>In a terminal</h3>
        {[...subscribeCommands(filter, addresses), ...(line.isTopic ? publishCommands(topic, "21.5", addresses) : [])].map(
          ({ tool, command }) => (
            <div key={command} className="command-line topic-command">
              <code>{command}</code>
              <CopyButton text={command} what={`${tool} command`} />
            </div>
          ),
        )}
      </section>
    </div>
  );
}
