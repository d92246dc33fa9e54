import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import type { Access } from "../../access/access.ts";
import { accept } from "../../contract/errors.ts";
import type { GatewayHub, HubEvent, StateStore } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import type { TlsIdentity } from "../../access/tls/tls-identity.ts";
import type { Gateway, OpenListener } from "../gateway.ts";
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
import type { SessionContext } from "./session.ts";
import { createSessions } from "./sessions.ts";
import { createSysTopics, SYS_PREFIX } from "./sys-topics.ts";
import { toWillEvent } from "./will-event.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";
import { REASON } from "./wire/reason-code.ts";

export interface MqttGatewayOptions {
  readonly hub: GatewayHub;
  readonly state: StateStore;
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: MqttLimits;
  readonly version: string;
}

export interface MqttGateway extends Gateway {
  /** Once it has started; port 0 means any free one. Throws a RefusalError: PORT_BUSY or LISTEN_REFUSED. */
  listen(address: { readonly host: string; readonly port: number }, tls: TlsIdentity | null): Promise<OpenListener>;
  /** Takes a peer that came another way: over WebSocket. */
  accept(socket: Duplex, remoteAddress: string): void;
  readonly figures: Readonly<MqttFigures>;
}

const TICK_MS = 500;

/** MQTT 3.1, 3.1.1 and 5 over TCP and TLS, and over what `accept` is given. */
export function createMqttGateway(options: MqttGatewayOptions): MqttGateway {
  const { hub, state, access, clock, logger, limits, version } = options;
  const connections = new Set<Connection>();
  const publishers = new WeakMap<HubEvent, string>();
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
    const subscriber = hub.createSubscriber(deliver);
    return {
      subscribe: (filter, subscription) =>
        filter.startsWith(SYS_PREFIX) ? accept(sys.subscribe(filter, deliver, subscription)) : subscriber.subscribe(filter, subscription),
    };
  };
  const sessions = createSessions(
    {
      rows,
      maxInflightOut: limits.maxInflightOut,
      maxQueuedEvents: limits.maxQueuedEvents,
      maxQueuedBytes: limits.maxQueuedBytes,
      now: () => clock.now(),
      createSubscriber,
      publisherOf: (event) => publishers.get(event) ?? null,
      load: (seq) => readOne(hub, seq),
      onDropped: () => (figures.dropped += 1),
      onRefused: (clientId, refusal) => logger.warn("What an MQTT session needs could not be stored.", { clientId, code: refusal.code }),
    },
    limits.maxSessions,
  );
  const context: GatewayContext = {
    limits,
    access,
    hub,
    clock,
    logger,
    flusher: createFlusher(),
    encoder: createPublishEncoder(),
    sessions,
    rows,
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
    retained(filter, visit) {
      if (filter.startsWith(SYS_PREFIX)) sys.match(filter, visit);
      else hub.retained(filter, visit);
    },
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
    for (const clientId of sessions.expire(clock.now())) void forget(clientId);
    if (limits.sysIntervalMs > 0 && ticks - sysAt >= limits.sysIntervalMs) {
      sysAt = ticks;
      sys.publish();
      rows.noteGivenOut();
    }
    stopTicking = clock.after(TICK_MS, tick);
  }

  /** The subscriptions of a session that has ended. */
  function forget(clientId: string): Promise<void> {
    return persistence.cleanSubscriptions({ id: clientId }).catch((error: unknown) => {
      logger.error("What was kept of an ended MQTT session could not be removed.", { clientId, error });
    });
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
      clock,
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

  function publishWill(packet: Parameters<typeof toWillEvent>[0], done: () => void): void {
    hub.ingest(toWillEvent(packet, clock.now()), (outcome) => {
      if (!outcome.ok) logger.warn("A will could not be published.", { topic: packet.topic, code: outcome.refusal.code });
      done();
    });
  }

  /** Wills of those who were connected when the hub ended without having said goodbye. */
  async function publishLeftWills(brokerId: string): Promise<void> {
    for await (const will of persistence.streamWill({ [brokerId]: true })) {
      await new Promise<void>((resolve) => publishWill(will as never, resolve));
      await persistence.delWill({ id: (will as { clientId: string }).clientId });
    }
  }

  return {
    name: "mqtt",
    figures,
    listen,
    accept(socket, remoteAddress) {
      if (admits(remoteAddress)) open(socket, remoteAddress);
      else socket.destroy();
    },
    async start() {
      const id = randomUUID();
      broker = await openBroker({
        id,
        persistence,
        publish: publishWill,
        onError: (error) => logger.error("The MQTT broker had an error.", { error }),
      });
      sessions.restore(
        [...persistence.allSubscriptions()].map(([clientId, sub]) => [clientId, fromAedesSubscription(sub)] as const),
        clock.now(),
      );
      const givenOut = rows.givenOut();
      if (givenOut !== null) await replayTail(hub, givenOut, persistence, sessions);
      await publishLeftWills(id);
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

async function readOne(hub: GatewayHub, seq: number): Promise<HubEvent | null> {
  if (seq <= 0) return null;
  const slice = await hub.read({ after: seq - 1, filters: ["#", "$SYS/#", "+/#"], maxEvents: 1, maxBytes: 1 });
  const event = slice.ok ? slice.value.events[0] : undefined;
  return event?.seq === seq ? event : null;
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
