import type { SessionInfo } from "../../../main/contract/session.ts";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { LampLabel } from "../../components/lamp-label.tsx";
import { PageLink } from "../../components/page-link.tsx";
import { TrafficSpark } from "../../components/traffic-spark.tsx";
import { toRate } from "../../format/device-table.ts";
import { toTerm } from "../../format/filter-terms.ts";
import { plural, toCount, toSize } from "../../format/quantity.ts";
import { SESSION_LAMPS, toSessionWords } from "../../format/session-words.ts";
import { toClock, toDateTime, toRelative } from "../../format/time.ts";
import type { Device } from "../../state/device-list.ts";
import { Fact, FactList } from "../detail/fact-list.tsx";

const MAX_HISTORY = 8;

/** What is known of a device beside its traffic. */
export function DeviceOverview({ device }: { readonly device: Device }) {
  const { hub } = useApp();
  const { info, goneAt, rates } = device;
  const isGone = goneAt !== null;
  return (
    <div className="overview">
      <section className="device-rates" aria-label="Traffic of the last minute">
        <Flow label="From it" flow={info.received} isGone={isGone} name="in" />
        <Flow label="To it" flow={info.sent} isGone={isGone} name="out" />
        <div className="device-rates__chart">
          <TrafficSpark rates={rates} width={320} height={46} />
          <span>last minute</span>
        </div>
      </section>
      <FactList title="Session">
        <Fact name="Address" copy={info.remoteAddress}>
          {info.remoteAddress === "" ? "not known" : <code>{info.remoteAddress}</code>}
        </Fact>
        <Fact name="Key">{info.key === null ? "none" : <PageLink to={{ page: "settings", item: "keys" }}>{info.key}</PageLink>}</Fact>
        <Fact name={info.connected ? "Connected" : "Away since"}>
          {toDateTime(info.connectedAt)} <span className="fact__aside">{toRelative(info.connectedAt, hub.now())}</span>
        </Fact>
        <Fact name="Queue">
          {info.queuedEvents === 0 && info.queuedBytes === 0
            ? "nothing waits"
            : [info.queuedEvents > 0 && plural(info.queuedEvents, "event"), info.queuedBytes > 0 && toSize(info.queuedBytes)]
                .filter(Boolean)
                .join(", ")}
        </Fact>
        {info.will !== null && (
          <Fact name="Last will" copy={info.will.topic}>
            <TopicLink topic={info.will.topic} />
            <span className="fact__aside">
              {toSize(info.will.sizeBytes)}, QoS {info.will.qos}
              {info.will.retain ? ", retained" : ""}
            </span>
          </Fact>
        )}
      </FactList>
      <TopicList
        title="Publishes to"
        none={info.received.count > 0 ? "" : "It has published nothing yet."}
        topics={info.topics}
        more={0}
        info={info}
      />
      <TopicList
        title="Subscribes to"
        none="It follows nothing."
        topics={info.subscriptions}
        more={info.subscriptionCount - info.subscriptions.length}
        info={null}
      />
      <History name={info.name} remoteAddress={info.remoteAddress} />
    </div>
  );
}

interface FlowProps {
  readonly label: string;
  readonly flow: SessionInfo["received"];
  readonly isGone: boolean;
  readonly name: "in" | "out";
}

function Flow({ label, flow, isGone, name }: FlowProps) {
  return (
    <div className={`device-rates__flow device-rates__flow--${name}`}>
      <span className="device-rates__label">{label}</span>
      <span className="device-rates__figure">
        {isGone ? "–" : toRate(flow.perSecond)}
        <span>/s</span>
      </span>
      <span className="device-rates__count">{toCount(flow.count)} in all</span>
    </div>
  );
}

interface TopicListProps {
  readonly title: string;
  readonly none: string;
  readonly topics: readonly string[];
  readonly more: number;
  /** For a link to the events on them, by this device's protocol. */
  readonly info: SessionInfo | null;
}

function TopicList({ title, none, topics, more, info }: TopicListProps) {
  if (topics.length === 0 && none === "") return null;
  return (
    <section className="facts">
      <h3>{title}</h3>
      {topics.length === 0 ? (
        <p className="device-topics__none">{none}</p>
      ) : (
        <ul className="device-topics">
          {topics.map((topic) => (
            <li key={topic}>
              <TopicLink topic={topic} />
            </li>
          ))}
        </ul>
      )}
      {more > 0 && <p className="device-topics__none">and {toCount(more)} more</p>}
      {info !== null && topics.length > 0 && (
        <p className="device-topics__foot">
          <PageLink
            to={{
              page: "events",
              filter: `${toTerm("protocol", info.protocol)} ${toTerm("topic", topics.filter((one) => !one.includes(",")).join(","))}`,
            }}
          >
            Events on these topics
          </PageLink>
          <span>from every {info.protocol === "mqtt" ? "MQTT client" : "such device"}: stored events do not name their sender</span>
        </p>
      )}
    </section>
  );
}

/** A topic leads to the Topics page; a filter to the events that match it. */
function TopicLink({ topic }: { readonly topic: string }) {
  const isFilter = /(^|\/)[+#](\/|$)/.test(topic);
  return (
    <PageLink to={isFilter ? { page: "events", filter: toTerm("topic", topic) } : { page: "topics", item: topic }}>
      <code>{topic}</code>
    </PageLink>
  );
}

/** When it came and went, as far as that is known. */
function History({ name, remoteAddress }: { readonly name: string; readonly remoteAddress: string }) {
  const { sessionEvents } = useApp();
  const all = useReadable(sessionEvents.all);
  const own = all.filter((one) => one.name === name && (one.name !== one.remoteAddress || one.remoteAddress === remoteAddress));
  if (own.length === 0) return null;
  return (
    <section className="facts">
      <h3>Came and went</h3>
      <ol className="device-history">
        {own
          .slice(-MAX_HISTORY)
          .toReversed()
          .map((one) => (
            <li key={one.number}>
              <time className="mono" dateTime={new Date(one.at).toISOString()} title={toDateTime(one.at)}>
                {toClock(one.at, false)}
              </time>
              <LampLabel lamp={SESSION_LAMPS[one.kind]}>{toSessionWords(one)}</LampLabel>
            </li>
          ))}
      </ol>
    </section>
  );
}
