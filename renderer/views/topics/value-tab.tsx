import { ArrowDown, ArrowUp, ChevronLeft, ChevronRight, ExternalLink, GitCompareArrows } from "lucide-react";
import { useEffect, useState } from "react";
import { Button, ToggleButton } from "react-aria-components";
import type { EventSummary } from "../../../main/contract/event.ts";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { toCount, toSize } from "../../format/quantity.ts";
import { toListTime } from "../../format/time.ts";
import { toValueChange } from "../../format/value-change.ts";
import type { EventFeed } from "../../state/event-feed.ts";
import { BodyTab } from "../detail/body-tab.tsx";
import { useEventDetail } from "../detail/use-event-detail.ts";
import { TopicChart } from "./topic-chart.tsx";
import { useCalm } from "./use-calm.ts";
import { ValueDiff } from "./value-diff.tsx";

/** A value that changes many times a second is shown as often as one can read it. */
const SHOW_EVERY_MS = 250;

interface ValueTabProps {
  readonly topic: string;
  readonly feed: EventFeed;
  /** An older event to look at; null follows the newest. */
  readonly chosen: EventSummary | null;
  readonly onChoose: (event: EventSummary | null) => void;
}

/** The chart of the topic's numbers, and below it the newest value or one before it. */
export function ValueTab({ topic, feed, chosen, onChoose }: ValueTabProps) {
  const { hub, router } = useApp();
  const { slice, status, error } = useReadable(feed.view);
  const [comparing, setComparing] = useState(false);
  const values = slice.events.filter((event) => event.topic === topic && event.state === "accepted");
  const at = chosen === null ? values.length - 1 : values.findIndex(({ id }) => id === chosen.id);
  const event = useCalm(chosen ?? values.at(-1) ?? null, chosen === null ? SHOW_EVERY_MS : 0);
  const before = at > 0 ? values[at - 1]! : null;
  const after = chosen !== null && at >= 0 && at < values.length - 1 ? values[at + 1]! : null;
  useEffect(() => {
    if (at === 0) feed.loadOlder();
  }, [feed, at]);

  if (status === "failed")
    return (
      <div className="empty">
        <h2>The events could not be read</h2>
        <p>{error?.message}</p>
        <Button className="button" onPress={feed.retry}>
          Try again
        </Button>
      </div>
    );
  if (event === null)
    return status === "ready" && slice.atOldest ? (
      <div className="empty">
        <h2>No value</h2>
        <p>The log has no event on exactly this topic. The next one appears here by itself.</p>
      </div>
    ) : (
      <div className="detail" aria-busy="true" />
    );
  return (
    <div className="value-tab">
      <TopicChart topic={topic} newestSeq={values.at(-1)?.seq ?? 0} />
      <div className="value-bar">
        <IconButton label="Older value" isDisabled={before === null} onPress={() => onChoose(before)}>
          <ChevronLeft size={15} aria-hidden="true" />
        </IconButton>
        <IconButton
          label="Newer value"
          isDisabled={chosen === null}
          onPress={() => onChoose(after === null || after.id === values.at(-1)?.id ? null : after)}
        >
          <ChevronRight size={15} aria-hidden="true" />
        </IconButton>
        <span className="value-bar__facts">
          <span>{toListTime(event.time, hub.now())}</span>
          <span>#{toCount(event.seq)}</span>
          <span>{toSize(event.size)}</span>
          <ProtocolBadge protocol={event.protocol} />
        </span>
        {chosen !== null && (
          <Button className="button button--small" onPress={() => onChoose(null)}>
            Newest
          </Button>
        )}
        <ToggleButton className="button button--small" isSelected={comparing} onChange={setComparing}>
          <GitCompareArrows size={12} aria-hidden="true" />
          Compare
        </ToggleButton>
        <IconButton label="Open in Events" onPress={() => router.go({ page: "events", item: event.id })}>
          <ExternalLink size={14} aria-hidden="true" />
        </IconButton>
      </div>
      {isFigure(event) && <Figure event={event} before={before} />}
      {comparing ? <ValueDiff event={event} before={before} /> : <Body id={event.id} />}
    </div>
  );
}

/** Short enough to be read from afar: a number, a word. */
function isFigure({ preview, size }: EventSummary): boolean {
  return preview !== null && size > 0 && size <= 40 && !/[[{]/.test(preview);
}

function Figure({ event, before }: { readonly event: EventSummary; readonly before: EventSummary | null }) {
  const change = toValueChange(before?.preview ?? null, event.preview);
  return (
    <p className="value-figure">
      <span>{event.preview}</span>
      {change && change.kind !== "same" && (
        <span className="value-figure__change">
          {change.kind === "up" && <ArrowUp size={12} aria-hidden="true" />}
          {change.kind === "down" && <ArrowDown size={12} aria-hidden="true" />}
          {change.text}
        </span>
      )}
    </p>
  );
}

function Body({ id }: { readonly id: string }) {
  const { event, refusal } = useEventDetail(id);
  if (refusal)
    return (
      <div className="empty">
        <h2>This value is not in the log any more</h2>
        <p>{refusal.message}</p>
      </div>
    );
  return event ? <BodyTab event={event} /> : <div className="body" aria-busy="true" />;
}
