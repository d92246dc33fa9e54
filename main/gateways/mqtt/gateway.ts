import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Access } from "../../access/access.ts";
import { accept } from "../../contract/errors.ts";
import type { GatewayHub, HubEvent, NewEvent, StateStore } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import type { TlsIdentity } from "../../access/tls/tls-identity.ts";
import type { Gateway, OpenListener } from "../gateway.ts";
import type { IntakePace } from "../intake-pace.ts";
import type { SendingBudget } from "../sending-budget.ts";
import { openBroker, type Broker } from "./broker.ts";
import type { MqttLimits } from "./config.ts";
import { Connection } from "./connection.ts";
import type { GatewayContext, MqttFigures } from "./gateway-context.ts";
import { openListener, type MqttListener } from "./listener.ts";
import { createFlusher } from "./outbox.ts";
import { createPublishEncoder } from "./outbound.ts";
import { createPersistence, type AedesSubscription } from "./persistence.ts";
import { replayTail } from "./replay-tail.ts";
import { createSessionRows } from "./session-rows.ts";
import { OwedMemory } from "./owed-event.ts";
import { toSessionWill } from "./register-connection.ts";
import type { FoundAgain, SessionContext } from "./session-context.ts";
import { createSessions } from "./sessions.ts";
import { createSysTopics, SYS_PREFIX } from "./sys-topics.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";
import { REASON } from "./wire/reason-code.ts";
import { Turns } from "./turns.ts";
import { createWills } from "./wills.ts";

export interface MqttGatewayOptions {
  readonly hub: GatewayHub;
  readonly state: StateStore;
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: MqttLimits;
  /** One of each for all gateways. */
  readonly sending: SendingBudget;
  readonly intake: IntakePace;
  readonly version: string;
}

export interface MqttGateway extends Gateway {
  /** Once it has started; port 0 means any free one. Throws a RefusalError: PORT_BUSY or LISTEN_REFUSED. */
  listen(address: { readonly host: string; readonly port: number }, tls: TlsIdentity | null): Promise<OpenListener>;
  /** Takes a peer that came another way: over WebSocket. Answers how to send it away when that way ends. */
  accept(socket: Duplex, remoteAddress: string): () => void;
  readonly figures: Readonly<MqttFigures>;
}

const TICK_MS = 500;
/** Read from the log at once for a session; the event that goes beyond it is the last. */
const LOAD_BYTES = 256 * 1024;

/** MQTT 3.1, 3.1.1 and 5 over TCP and TLS, and over what `accept` is given. */
export function createMqttGateway(options: MqttGatewayOptions): MqttGateway {
  const { hub, state, access, clock, logger, limits, sending, intake, version } = options;
  const connections = new Set<Connection>();
  const publishers = new WeakMap<NewEvent, string>();
  const startedAt = clock.now();
  const figures: MqttFigures = {
    connections: 0,
    connectionsTotal: 0,
    received: 0,
    sent: 0,
    dropped: 0,
    refused: 0,
    faults: 0,
    bytesReceived: 0,
  };
  const sys = createSysTopics(sysFigures, () => clock.now());
  const rows = createSessionRows(state, () => hub.lastSeq());
  const persistence = createPersistence(state);
  const listeners = new Set<MqttListener>();
  let broker: Broker | null = null;
  let ticks = clock.monotonic();
  let connectsThisSecond = 0;
  let stopTicking = (): void => {};
  let sysAt = ticks;

  const createSubscriber: SessionContext["createSubscriber"] = (deliver) => {
    // At QoS 0 an event is sent and forgotten: it needs no place in the log.
    const subscriber = hub.createSubscriber<Subscription>(deliver, deliver);
    return {
      subscribe: (filter, subscription) =>
        filter.startsWith(SYS_PREFIX) ? accept(sys.subscribe(filter, deliver, subscription)) : subscriber.subscribe(filter, subscription),
    };
  };
  const wills = createWills({
    hub,
    rows,
    clock,
    maxBytes: limits.maxWillBytesInAll,
    onRefused: (clientId, topic, { code }) => logger.warn("A will could not be published.", { clientId, topic, code }),
  });
  const sessions = createSessions({
    context: {
      ...limits,
      rows,
      memory: new OwedMemory(limits.maxOwedBytesInAll),
      queued: { count: 0 },
      maxInflightOutBytes: limits.maxOutBytes,
      isRecorded: ({ topic }) => hub.isRecorded(topic),
      now: () => clock.now(),
      after: (ms, run) => void clock.after(ms, run),
      createSubscriber,
      publisherOf: (event) => publishers.get(event) ?? null,
      load,
      keepSubscriptions,
      onDropped: () => (figures.dropped += 1),
      onRefused: (clientId, refusal) => logger.warn("What an MQTT session needs could not be stored.", { clientId, code: refusal.code }),
    },
    maxSessions: limits.maxSessions,
    registry: hub.sessions,
    willOf(clientId) {
      const will = wills.pendingOf(clientId);
      return will && toSessionWill(will);
    },
    mayReturn: ({ key }) => key === null || access.knows(key),
    onEnded(clientId) {
      wills.sessionEnded(clientId);
      broker?.forget(clientId);
      void forget(clientId);
    },
  });
  const context: GatewayContext = {
    limits,
    access,
    hub,
    clock,
    logger,
    flusher: createFlusher(),
    sending,
    intake,
    turns: new Turns(clock),
    encoder: createPublishEncoder(),
    sessions,
    rows,
    wills,
    subscriptions: {
      add: (clientId, subscriptions) => persistence.addSubscriptions({ id: clientId }, subscriptions.map(toAedesSubscription)),
      all: () => [],
    },
    figures,
    tick: () => ticks,
    makeClientId: () => `auto-${randomUUID()}`,
    handle: (stream, connection) => broker?.handle(stream, connection),
    notePublisher(event, clientId) {
      if (sessions.wantsPublishers()) publishers.set(event, clientId);
    },
    retained: (filter) => (filter.startsWith(SYS_PREFIX) ? sys.match(filter) : upTo(hub.lastSeq(), hub.retained(filter))),
    onClosed(connection) {
      if (connections.delete(connection)) figures.connections -= 1;
    },
    onClosedFor: (_reason, { clientId, remoteAddress }) =>
      logger.warn("An MQTT peer takes nothing of what is sent to it; its connection is closed.", { clientId, remoteAddress }),
  };

  function sysFigures(): Record<string, string | number> {
    return {
      version: `signalbox ${version}`,
      uptime: `${Math.floor((clock.now() - startedAt) / 1000)} seconds`,
      "clients/connected": figures.connections,
      "clients/total": sessions.count(),
      "subscriptions/count": sessions.subscriptionCount(),
      "messages/received": figures.received,
      "messages/sent": figures.sent,
      "publish/messages/received": figures.received,
      "publish/messages/sent": figures.sent,
      "publish/messages/dropped": figures.dropped,
    };
  }

  function tick(): void {
    ticks = clock.monotonic();
    connectsThisSecond = 0;
    for (const connection of connections) connection.check(ticks);
    wills.tick();
    sessions.expire(clock.now());
    if (limits.sysIntervalMs > 0 && ticks - sysAt >= limits.sysIntervalMs) {
      sysAt = ticks;
      sys.publish();
      rows.noteGivenOut();
    }
    stopTicking = clock.after(TICK_MS, tick);
  }

  /** The subscriptions of a session that has ended. */
  async function forget(clientId: string): Promise<void> {
    if (!persistence.knows(clientId)) return;
    try {
      await persistence.cleanSubscriptions({ id: clientId });
    } catch (error) {
      logger.error("What was kept of an ended MQTT session could not be removed.", { clientId, error });
    }
  }

  async function keepSubscriptions(clientId: string, subscriptions: readonly Subscription[]): Promise<void> {
    if (subscriptions.length === 0) return;
    try {
      await persistence.addSubscriptions({ id: clientId }, subscriptions.map(toAedesSubscription));
    } catch (error) {
      logger.error("The subscriptions of an MQTT session could not be stored.", { clientId, error });
    }
  }

  async function load(first: number, last: number): Promise<FoundAgain | null> {
    try {
      const slice = await hub.read({ after: first - 1, filters: null, maxEvents: last - first + 1, maxBytes: LOAD_BYTES });
      if (slice.ok) return { events: slice.value.events, upTo: slice.value.cursor };
      logger.warn("Events owed to an MQTT session cannot be read now; it is tried again.", { first, last, code: slice.refusal.code });
    } catch (error) {
      logger.error("Events owed to an MQTT session cannot be read now; it is tried again.", { first, last, error });
    }
    return null;
  }

  function admits(remoteAddress: string): boolean {
    connectsThisSecond += 1;
    const admitted =
      broker !== null &&
      connections.size < limits.maxConnections &&
      connectsThisSecond <= limits.maxConnectsPerSecond &&
      access.admit(remoteAddress).ok;
    if (!admitted) figures.refused += 1;
    return admitted;
  }

  function open(socket: Duplex, remoteAddress: string): Connection {
    figures.connections += 1;
    figures.connectionsTotal += 1;
    const connection = new Connection(socket, remoteAddress, context);
    connections.add(connection);
    return connection;
  }

  async function listen(address: { readonly host: string; readonly port: number }, tls: TlsIdentity | null): Promise<OpenListener> {
    const own = new Set<Connection>();
    const listener = await openListener({
      ...address,
      tls,
      maxConnections: limits.maxConnections,
      handshakeTimeoutMs: limits.connectTimeoutMs,
      admits,
      take(socket, remoteAddress) {
        const connection = open(socket, remoteAddress);
        own.add(connection);
        socket.once("close", () => own.delete(connection));
      },
    });
    listeners.add(listener);
    return {
      url: listener.url,
      connections: () => own.size,
      async close() {
        listeners.delete(listener);
        const closed = listener.close();
        for (const connection of own) connection.close(REASON.serverShuttingDown);
        await closed;
      },
    };
  }

  return {
    name: "mqtt",
    figures,
    listen,
    accept(socket, remoteAddress) {
      if (!admits(remoteAddress)) {
        socket.destroy();
        return () => undefined;
      }
      const connection = open(socket, remoteAddress);
      return () => connection.close(REASON.serverShuttingDown);
    },
    async start() {
      const id = randomUUID();
      broker = await openBroker({
        id,
        persistence,
        onError: (error) => logger.error("The MQTT broker had an error.", { error }),
      });
      sessions.restore(
        [...persistence.allSubscriptions()].map(([clientId, sub]) => [clientId, fromAedesSubscription(sub)] as const),
        clock.now(),
      );
      const givenOut = rows.givenOut();
      if (givenOut !== null) await replayTail(hub, givenOut, persistence, sessions);
      wills.restore((clientId) => sessions.expiryOf(clientId));
      stopTicking = clock.after(TICK_MS, tick);
    },
    async stop() {
      stopTicking();
      const closed = Promise.all([...listeners].map((listener) => listener.close()));
      await broker?.close();
      broker = null;
      for (const connection of connections) connection.close(REASON.serverShuttingDown);
      await closed;
      await new Promise<void>((resolve) => rows.flush(() => resolve()));
    },
  };
}

/** What comes after a subscription is told live. */
function* upTo(seq: number, events: Iterable<HubEvent | null>): Generator<HubEvent | null> {
  for (const event of events) if (event === null || event.seq <= seq) yield event;
}

function toAedesSubscription({ filter, qos, noLocal, retainAsPublished, retainHandling, id }: Subscription): AedesSubscription {
  const sub: AedesSubscription = { topic: filter, qos, nl: noLocal, rap: retainAsPublished, rh: retainHandling };
  return id === null ? sub : { ...sub, subscriptionIdentifier: id };
}

function fromAedesSubscription({
  topic,
  qos,
  nl = false,
  rap = false,
  rh = 0,
  subscriptionIdentifier: id,
}: AedesSubscription): Subscription {
  return { filter: topic, qos, noLocal: nl, retainAsPublished: rap, retainHandling: rh as 0 | 1 | 2, id: id ?? null };
}
