import { ERRORS } from "../../../main/contract/errors.ts";
import type { EventDetail } from "../../../main/contract/event.ts";
import { useApp } from "../../components/app-context.tsx";
import { LampLabel } from "../../components/lamp-label.tsx";
import { ProtocolBadge } from "../../components/protocol-badge.tsx";
import { STATE_LABELS, VERDICT_LABELS, stateLamp, statusLamp, verdictLamp } from "../../format/lamp.ts";
import { toCount, toSize } from "../../format/quantity.ts";
import { toDateTime, toRelative } from "../../format/time.ts";
import { EventLink } from "./event-link.tsx";
import { Fact, FactList } from "./fact-list.tsx";

export function OverviewTab({ event }: { readonly event: EventDetail }) {
  const { hub } = useApp();
  return (
    <div className="overview">
      <Verdict event={event} />
      <FactList title="Event">
        <Fact name="Received">
          {toDateTime(event.time)} <span className="fact__aside">{toRelative(event.time, hub.now())}</span>
        </Fact>
        <Fact name="Topic" copy={event.topic}>
          <code>{event.topic}</code>
        </Fact>
        {event.source !== null && <Fact name="Source">{event.source}</Fact>}
        <Fact name="Protocol">
          <ProtocolBadge protocol={event.protocol} />
          <span className="fact__aside">{event.direction === "in" ? "came in" : "went out"}</span>
        </Fact>
        <Fact name="Id" copy={event.id}>
          <code>{event.id}</code>
        </Fact>
        {event.retained && <Fact name="Retained">The last value of its topic, given to new subscribers</Fact>}
        {event.duplicateOf !== null && (
          <Fact name="Duplicate of">
            <EventLink id={event.duplicateOf} />
          </Fact>
        )}
        {event.causeId !== null && (
          <Fact name="Caused by">
            <EventLink id={event.causeId} />
            <span className="fact__aside">{event.hops} hops</span>
          </Fact>
        )}
      </FactList>
      {event.method !== null && <RequestFacts event={event} />}
      <FactList title="Body">
        <Fact name="Content type">{event.contentType ? <code>{event.contentType}</code> : "not given"}</Fact>
        <Fact name="Size">
          {toSize(event.size)}
          {event.size >= 1024 && <span className="fact__aside">{toCount(event.size)} bytes</span>}
          {event.truncated && <LampLabel lamp="amber">only the first {toSize(event.storedBytes)} are stored</LampLabel>}
        </Fact>
        <Fact name="SHA-256" copy={event.sha256}>
          <code className="fact__hash">{event.sha256}</code>
        </Fact>
      </FactList>
    </div>
  );
}

function RequestFacts({ event }: { readonly event: EventDetail }) {
  return (
    <FactList title="Request">
      <Fact name="Method">
        <code>
          {event.method} <span className="fact__aside">HTTP/{event.httpVersion}</span>
        </code>
      </Fact>
      {event.publicUrl !== null && (
        <Fact name="URL" copy={event.publicUrl}>
          <code>{event.publicUrl}</code>
        </Fact>
      )}
      {event.query !== null && event.query !== "" && (
        <Fact name="Query" copy={event.query}>
          <code>{event.query}</code>
        </Fact>
      )}
      {event.remoteAddress !== null && (
        <Fact name="From">
          <code>{event.remoteAddress}</code>
        </Fact>
      )}
      {event.status !== null && (
        <Fact name="Answered">
          <LampLabel lamp={statusLamp(event.status)}>{event.status}</LampLabel>
        </Fact>
      )}
    </FactList>
  );
}

function Verdict({ event }: { readonly event: EventDetail }) {
  return (
    <div className="verdict">
      <div className="verdict__part">
        <LampLabel lamp={stateLamp(event.state)}>{STATE_LABELS[event.state]}</LampLabel>
        <p>{stateSentence(event)}</p>
      </div>
      <div className="verdict__part">
        <LampLabel lamp={verdictLamp(event.verdict)}>{VERDICT_LABELS[event.verdict]}</LampLabel>
        <p>{event.verdictMessage ?? event.verdictCause ?? VERDICT_SENTENCES[event.verdict]}</p>
      </div>
    </div>
  );
}

const VERDICT_SENTENCES = {
  "not-configured": "No signature check is set up for it.",
  verified: "The signature is the sender's.",
  failed: "The signature does not fit.",
  unverifiable: "It carries nothing to check.",
} as const;

function stateSentence(event: EventDetail): string {
  switch (event.state) {
    case "accepted":
      return "Stored, then published.";
    case "duplicate":
      return "Stored, not published again.";
    case "refused":
      return event.refusal ? `${ERRORS[event.refusal].title}.` : "Stored, not published.";
    case "handshake":
      return "Answered the provider's handshake.";
  }
}
