import type { IClientPublishOptions } from "mqtt";
import type { Bridge } from "../contract/bridge.ts";
import type { GatewayHub, HubEvent } from "../hub/ports.ts";
import { toRemoteTopic } from "./map-topic.ts";
import { CAME_BY, HOPS, mayLeave, VIA } from "./trail.ts";

/** Read from the log, and under way to the upstream, at once. */
const SLICE_EVENTS = 100;
const SLICE_BYTES = 1024 * 1024;

/** Publishes upstream; resolves with true when it was acknowledged, false when it was refused, and rejects when the connection ended. */
export type PublishUpstream = (topic: string, body: Uint8Array, options: IClientPublishOptions) => Promise<boolean>;

export interface ToUpstream {
  /** Everything up to here has been acknowledged by the upstream, or is none of its business. */
  readonly cursor: number;
  /** Sends what there is, from the cursor on, until `isWanted` says no; rejects when the connection ends. */
  run(publish: PublishUpstream, isWanted: () => boolean): Promise<void>;
}

export interface ToUpstreamOptions {
  readonly bridge: Bridge;
  readonly hub: GatewayHub;
  readonly logId: string;
  readonly cursor: number;
  /** Resolves when there may be more in the log. */
  readonly more: () => Promise<void>;
  /** A slice is done. */
  readonly onDone: (cursor: number, sent: number, refused: number) => void;
}

/**
 * The log is the queue: while the upstream is away, the cursor stands still, and nothing is lost that the log keeps. An
 * event whose acknowledgement is lost with the connection is sent again: at least once.
 */
export function createToUpstream({ bridge, hub, logId, cursor: from, more, onDone }: ToUpstreamOptions): ToUpstream {
  const filters = bridge.publish.map(({ filter, localPrefix }) => localPrefix + filter);
  let cursor = from;

  async function send(events: readonly HubEvent[], publish: PublishUpstream): Promise<readonly boolean[]> {
    const sent: Promise<boolean>[] = [];
    for (const event of events) {
      const topic = mayLeave(event, bridge.name) ? toRemoteTopic(bridge.publish, event.topic) : null;
      if (topic !== null) sent.push(publish(topic, event.body, toOptions(bridge, event, logId)));
    }
    return Promise.all(sent);
  }

  return {
    get cursor() {
      return cursor;
    },
    async run(publish, isWanted) {
      while (isWanted()) {
        const slice = await hub.read({ after: cursor, filters, maxEvents: SLICE_EVENTS, maxBytes: SLICE_BYTES });
        if (!slice.ok) throw new Error(slice.refusal.message);
        const outcomes = await send(slice.value.events, publish);
        if (slice.value.cursor > cursor) {
          cursor = slice.value.cursor;
          onDone(cursor, outcomes.filter(Boolean).length, outcomes.filter((ok) => !ok).length);
        }
        if (!slice.value.more && isWanted()) await more();
      }
    },
  };
}

function toOptions({ version }: Bridge, event: HubEvent, logId: string): IClientPublishOptions {
  const basic = { qos: 1, retain: event.retained } as const;
  if (version === 4) return basic;
  const userProperties: Record<string, string> = { [HOPS]: String(event.hops + 1), [VIA]: viaOf(event, logId) };
  for (const [name, value] of event.attributes ?? [])
    if (!name.startsWith("mqtt:") && name !== CAME_BY && !(name in userProperties)) userProperties[name] = value;
  return { ...basic, properties: { userProperties, ...(event.contentType === null ? {} : { contentType: event.contentType }) } };
}

function viaOf(event: HubEvent, logId: string): string {
  const before = (event.attributes ?? []).find(([name]) => name === VIA)?.[1];
  return before === undefined ? logId : `${before} ${logId}`;
}
