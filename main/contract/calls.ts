import type { DeliveryDetail, DeliveryPage, DeliveryQuery, Redelivered, Redelivery } from "./delivery.ts";
import type { EndpointChange, EndpointInfo, EndpointSaved, EndpointTried, SecretRotation } from "./endpoint.ts";
import type { BridgeChange, BridgeInfo } from "./bridge.ts";
import type { EventDetail, EventSummary } from "./event.ts";
import type { KeyInfo, NewKeyInfo } from "./key.ts";
import type { ListenerInfo, ListenerName, ListenerSaved, TlsInfo } from "./listener.ts";
import type { SavedPayload } from "./payload.ts";
import type { SessionList } from "./session.ts";
import type { Settings, SettingsChange } from "./settings.ts";
import type { AckFigures, DetectedProvider, SecretUse, Source, SourceAnswer, SourceSecretInfo, SourceSettings } from "./source.ts";
import type { HubStatus } from "./status.ts";
import type { ProviderInfo } from "./webhook-provider.ts";
import type { TopicHistory, TopicLines, TopicTree } from "./topic-view.ts";
import type { TunnelChange, TunnelHealth, TunnelInfo, TunnelList } from "./tunnel.ts";

/** At most one of `after` and `before`: with `after` oldest first, otherwise newest first. Both are exclusive. */
export interface EventQuery {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** 1 to MAX_PAGE, default 100. */
  readonly limit?: number | undefined;
  /** The filter language of filter.ts. */
  readonly filter?: string | undefined;
  readonly headers?: boolean | undefined;
}

export const MAX_PAGE = 1000;

export interface EventPage {
  readonly events: readonly EventSummary[];
  /** Give it as `after` (or `before`) to go on in the same direction. */
  readonly cursor: number;
  /** The newest seq in the log when the page was read. */
  readonly last: number;
  /** There may be more in this direction: the page is full, or the search stopped at its bound on rows read. */
  readonly more: boolean;
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  /** Events per bucket of equal length. */
  readonly counts: readonly number[];
  /** False when a filtered count stopped at its bound; the buckets before `countedFrom` are then unknown (zero). */
  readonly complete: boolean;
  readonly countedFrom: number;
}

export interface BodyChunk {
  readonly base64: string;
  readonly offset: number;
  readonly storedBytes: number;
}

/** A body crosses a link in chunks of at most this many bytes. */
export const MAX_CHUNK_BYTES = 1024 * 1024;

export interface SourceInfo extends Source {
  readonly url: string;
  /** Where it is reached from the internet now: by each tunnel that is open, when it is public. */
  readonly publicUrls: readonly string[];
  readonly lastEventAt: number | null;
  /** What is told of its secrets, several of which may be good at once. */
  readonly secrets: readonly SourceSecretInfo[];
  /** Which provider its requests look like, where none is set. */
  readonly detected: DetectedProvider | null;
  /** Null when nothing was answered since the hub started. */
  readonly ack: AckFigures | null;
}

export interface TopicInfo {
  readonly topic: string;
  readonly lastSeq: number;
}

export interface Published {
  readonly id: string;
  readonly seq: number;
}

/** Everything an inspector (window, browser, CLI, REST) can ask. Name → parameters and result. */
export interface Calls {
  "hub.status": { params: Record<never, never>; result: HubStatus };
  "events.query": { params: EventQuery; result: EventPage };
  "events.get": { params: { readonly id: string }; result: EventDetail };
  /** `length` at most MAX_CHUNK_BYTES, which is also the default. */
  "events.body": {
    params: { readonly id: string; readonly offset?: number | undefined; readonly length?: number | undefined };
    result: BodyChunk;
  };
  /** `from` and `to` in epoch ms; `buckets` 1 to 500. */
  "events.timeline": {
    params: { readonly from: number; readonly to: number; readonly buckets: number; readonly filter?: string | undefined };
    result: Timeline;
  };
  "events.publish": {
    params: {
      readonly topic: string;
      readonly payload: string;
      /** How `payload` is written; `utf8` unless said. */
      readonly encoding?: "utf8" | "base64" | undefined;
      readonly contentType?: string | undefined;
      readonly retain?: boolean | undefined;
      /** The greatest QoS it is given to MQTT subscribers with (MQTT 5 §4.3); left out: what each asked for. */
      readonly qos?: 0 | 1 | 2 | undefined;
    };
    result: Published;
  };
  /** Payloads kept by name, to be published again. */
  "payloads.list": { params: Record<never, never>; result: { readonly payloads: readonly SavedPayload[] } };
  /** Keeps one, in place of that of the same name. Refuses TOPIC_INVALID, PAYLOAD_LIMIT. */
  "payloads.save": { params: SavedPayload; result: SavedPayload };
  /** Refuses PAYLOAD_NOT_FOUND. */
  "payloads.remove": { params: { readonly name: string }; result: Record<never, never> };
  /** A pinned event is never removed from the log, however old. */
  "events.pin": { params: { readonly id: string; readonly pinned: boolean }; result: Record<never, never> };
  /** The bridges to other brokers; how they are is in the hub's status. */
  "bridges.list": { params: Record<never, never>; result: { readonly bridges: readonly BridgeInfo[] } };
  /** Makes a bridge, or changes the one of that name. Refuses PARAMS_INVALID. */
  "bridges.save": { params: BridgeChange; result: BridgeInfo };
  /** Refuses BRIDGE_NOT_FOUND. */
  "bridges.remove": { params: { readonly name: string }; result: Record<never, never> };
  /** What of the events is kept. */
  "settings.get": { params: Record<never, never>; result: Settings };
  /** In force at once and over restarts; what is left out stays as it is. Refuses PARAMS_INVALID, TOPIC_INVALID. */
  "settings.save": { params: SettingsChange; result: Settings };
  /** Back to what the settings file says. */
  "settings.reset": { params: Record<never, never>; result: Settings };
  "sources.list": { params: Record<never, never>; result: { readonly sources: readonly SourceInfo[] } };
  /** Makes a source or changes the one of that name; what is left out stays as it is. Refuses SOURCE_NAME_INVALID, SOURCE_LIMIT, PARAMS_INVALID. */
  "sources.save": {
    params: { readonly name: string; readonly answer?: Partial<SourceAnswer> | undefined } & {
      readonly [K in keyof SourceSettings]?: SourceSettings[K] | undefined;
    };
    result: SourceInfo;
  };
  /** Its secrets go with it, its events stay. */
  "sources.remove": { params: { readonly name: string }; result: Record<never, never> };
  /** `name` is the source's, `secret` the secret's own. The value is never told again. Refuses SOURCE_NOT_FOUND, SECRET_EXISTS, SECRET_LIMIT, PARAMS_INVALID. */
  "sources.addSecret": {
    params: { readonly name: string; readonly secret: string; readonly value: string; readonly use?: SecretUse | undefined };
    result: SourceInfo;
  };
  /** The old value stays good for `overlapMs` (up to MAX_OVERLAP_MS, default DEFAULT_OVERLAP_MS), as `<secret>.old`. Refuses SOURCE_NOT_FOUND, SECRET_NOT_FOUND, PARAMS_INVALID. */
  "sources.rotateSecret": {
    params: { readonly name: string; readonly secret: string; readonly value: string; readonly overlapMs?: number | undefined };
    result: SourceInfo;
  };
  /** Refuses SOURCE_NOT_FOUND, SECRET_NOT_FOUND. */
  "sources.removeSecret": { params: { readonly name: string; readonly secret: string }; result: SourceInfo };
  /** What a source can be set to. */
  "providers.list": { params: Record<never, never>; result: { readonly providers: readonly ProviderInfo[] } };
  /**
   * The topics that start with `prefix`, by name; for completion. `search` is a topic filter with wildcards, or text
   * within the topic. `limit` 1 to 1000, default 100.
   */
  "topics.list": {
    params: { readonly prefix?: string | undefined; readonly search?: string | undefined; readonly limit?: number | undefined };
    result: { readonly topics: readonly TopicInfo[]; readonly more: boolean };
  };
  /** One level of the topic tree: what stands directly below `parent`, by name, from behind the name `after` on. `limit` 1 to 1000, default 200. */
  "topics.tree": {
    params: { readonly parent?: string | undefined; readonly after?: string | undefined; readonly limit?: number | undefined };
    result: TopicTree;
  };
  /** These levels of the topic tree as they are now, at most MAX_LINES, each with at most `recent` values (up to MAX_RECENT_VALUES, default none). */
  "topics.nodes": {
    params: { readonly topics: readonly string[]; readonly recent?: number | undefined };
    result: TopicLines;
  };
  /** The values of one numeric field over time. `from` and `to` in epoch ms; `buckets` 1 to 500; `field` a JSON pointer, the first one unless said. */
  "topics.history": {
    params: {
      readonly topic: string;
      readonly from: number;
      readonly to: number;
      readonly buckets: number;
      readonly field?: string | undefined;
    };
    result: TopicHistory;
  };
  /** Publishes the empty retained event that clears the topic (MQTT 5 §3.3.1.3). Refuses RETAINED_NOT_FOUND. */
  "topics.clearRetained": { params: { readonly topic: string }; result: Published };
  /** Who is connected. `limit` 1 to MAX_SESSIONS, which is also the default. */
  "sessions.list": { params: { readonly limit?: number | undefined }; result: SessionList };
  /** Ends a session; the peer may come again. Refuses SESSION_NOT_FOUND. */
  "sessions.disconnect": { params: { readonly id: string }; result: Record<never, never> };
  "keys.list": { params: Record<never, never>; result: { readonly keys: readonly KeyInfo[] } };
  /** Without filters a key may publish and subscribe to everything but `$…`. Refuses KEY_EXISTS. */
  "keys.add": {
    params: {
      readonly name: string;
      /** Epoch ms; null or left out: never. */
      readonly expiresAt?: number | null | undefined;
      readonly publish?: readonly string[] | undefined;
      readonly subscribe?: readonly string[] | undefined;
    };
    result: NewKeyInfo;
  };
  /** A key that is switched off is refused until it is switched on again; who is connected with it is disconnected. Refuses KEY_NOT_FOUND. */
  "keys.enable": { params: { readonly name: string; readonly enabled: boolean }; result: KeyInfo };
  /** Who is connected with it is disconnected. Refuses KEY_NOT_FOUND. */
  "keys.revoke": { params: { readonly name: string }; result: Record<never, never> };
  /** Where peers come in, whether it is on or off. */
  "listeners.list": { params: Record<never, never>; result: { readonly listeners: readonly ListenerInfo[] } };
  /**
   * In force at once and over restarts. `address` as the setting writes it: `host:port`, a port alone, port 0 for any free
   * one; `off` or null to close it. Refuses PARAMS_INVALID, PORT_BUSY (with the next free one as
   * `details.freePort`), LISTEN_REFUSED, and then leaves it as it was.
   */
  "listeners.save": { params: { readonly name: ListenerName; readonly address: string | null }; result: ListenerSaved };
  /** Back to what the settings file says. */
  "listeners.reset": { params: { readonly name: ListenerName }; result: ListenerSaved };
  /** The tunnels to the internet, and which of their providers cannot be used here as things are. */
  "tunnels.list": { params: Record<never, never>; result: TunnelList };
  /** Makes a tunnel, or changes the one of that name, which is opened anew where it is open. Refuses PARAMS_INVALID. */
  "tunnels.save": { params: TunnelChange; result: TunnelInfo };
  /** Closes it, and forgets it. Refuses TUNNEL_NOT_FOUND. */
  "tunnels.remove": { params: { readonly name: string }; result: Record<never, never> };
  /** Answers at once; how it goes is told by the feed. It stays wanted open over restarts. Refuses TUNNEL_NOT_FOUND. */
  "tunnels.open": { params: { readonly name: string }; result: TunnelInfo };
  /** Refuses TUNNEL_NOT_FOUND. */
  "tunnels.close": { params: { readonly name: string }; result: TunnelInfo };
  /** Tries it through its public URL. Refuses TUNNEL_NOT_FOUND, TUNNEL_NOT_OPEN. */
  "tunnels.test": { params: { readonly name: string }; result: TunnelHealth };
  /** The outbound webhook targets, by name. */
  "endpoints.list": { params: Record<never, never>; result: { readonly endpoints: readonly EndpointInfo[] } };
  /** Refuses ENDPOINT_NOT_FOUND. */
  "endpoints.get": { params: { readonly name: string }; result: EndpointInfo };
  /**
   * Makes an endpoint, or changes the one of that name. A new one is owed what comes from now on, and is named after its host
   * when it is given no name. Refuses PARAMS_INVALID, TOPIC_INVALID, TARGET_REFUSED, ENDPOINT_LIMIT.
   */
  "endpoints.save": { params: EndpointChange; result: EndpointSaved };
  /** With its deliveries. Refuses ENDPOINT_NOT_FOUND. */
  "endpoints.remove": { params: { readonly name: string }; result: Record<never, never> };
  /** Refuses ENDPOINT_NOT_FOUND, PARAMS_INVALID. */
  "endpoints.rotateSecret": { params: SecretRotation; result: EndpointSaved };
  /** Posts a small event of its own once, whether or not the endpoint is switched on. Refuses ENDPOINT_NOT_FOUND. */
  "endpoints.test": { params: { readonly name: string }; result: EndpointTried };
  "deliveries.list": { params: DeliveryQuery; result: DeliveryPage };
  /** Refuses DELIVERY_NOT_FOUND. */
  "deliveries.get": { params: { readonly id: string }; result: DeliveryDetail };
  /** New deliveries for events that were delivered, or were not, at once and with a schedule of their own. Refuses DELIVERY_NOT_FOUND. */
  "deliveries.redeliver": { params: Redelivery; result: Redelivered };
  "tls.get": { params: Record<never, never>; result: TlsInfo };
  /** A made certificate is made anew with the names of now, an own one read again from its files. Refuses CONFIG_INVALID. */
  "tls.renew": { params: Record<never, never>; result: TlsInfo };
}

export type CallName = keyof Calls;
export type CallParams<N extends CallName> = Calls[N]["params"];
export type CallResult<N extends CallName> = Calls[N]["result"];
