import { Readable } from "node:stream";
import { Aedes } from "aedes";
import type { AedesStream } from "./aedes-stream.ts";
import type { Connection } from "./connection.ts";
import { createMq, type AedesPacket } from "./mq.ts";
import type { Persistence } from "./persistence.ts";

export interface Broker {
  handle(stream: AedesStream, connection: Connection): void;
  /** Says goodbye to all peers; their wills are sent. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  readonly id: string;
  readonly persistence: Persistence;
  /** Takes a will; `done` when it is stored or refused. */
  readonly publish: (packet: AedesPacket, done: () => void) => void;
  readonly onError: (error: unknown) => void;
}

/**
 * aedes, which keeps what a session is: CONNECT, take-over, subscriptions, DISCONNECT and wills. It is reached through
 * its own seams alone: a stream, an emitter, a persistence. Events do not pass through it.
 */
export async function openBroker({ id, persistence, publish, onError }: BrokerOptions): Promise<Broker> {
  const mq = createMq(id, publish);
  const connections = new WeakMap<object, Connection>();
  const broker = new Aedes({
    id,
    mq,
    persistence: withoutEvents(persistence),
    connectTimeout: 60_000, // The connection has a shorter one of its own.
    drainTimeout: 0, // Watched by the connection, which knows what waits.
    heartbeatInterval: 3_600_000,
    keepaliveLimit: 0,
    maxClientsIdLength: 65_535,
    authenticate(client, _username, _password, done) {
      const connection = connections.get(client.conn);
      if (!connection) {
        done(null, false);
        return;
      }
      void authenticate(connection, (error) => done(error as never, error === null), onError);
    },
    // Asked of wills alone: what peers publish goes another way. The peer may have gone by now.
    authorizePublish(client, packet, done) {
      const connection = client === null ? undefined : connections.get(client.conn);
      done(connection === undefined || connection.peer.mayPublish(packet.topic) ? null : new Error("The will's topic is not allowed."));
    },
  });
  broker.on("clientError", () => {}); // The connection has said what there is to say.
  broker.on("connectionError", () => {});
  broker.on("error" as "closed", onError as () => void);
  await broker.listen();
  mq.seal();

  return {
    handle(stream, connection) {
      connections.set(stream, connection);
      broker.handle(stream);
    },
    close: () => new Promise((resolve) => broker.close(() => resolve())),
  };
}

async function authenticate(
  connection: Connection,
  answer: (error: Error | null) => void,
  onError: (error: unknown) => void,
): Promise<void> {
  let error: Error | null;
  try {
    const known = await connection.authenticate();
    error = known.ok ? null : Object.assign(new Error(known.refusal.message), { returnCode: returnCodeFor(known.refusal.code) });
  } catch (failure) {
    onError(failure);
    error = Object.assign(new Error("The hub failed to look at the key."), { returnCode: 3 });
  }
  answer(error);
}

/** 3.1.1's return codes, which aedes turns into reason codes for MQTT 5. */
function returnCodeFor(code: string): number {
  if (code === "KEY_REQUIRED") return 5;
  return code === "KEY_INVALID" ? 4 : 3;
}

/** Retained events and those owed to sessions are the hub's: aedes is shown none and given none to keep. */
function withoutEvents(persistence: Persistence): Persistence {
  const nothing = (): Readable => Readable.from([]);
  return {
    ...persistence,
    storeRetained: async () => {},
    createRetainedStream: nothing,
    createRetainedStreamCombi: nothing,
    subscriptionsByClient: async () => [],
    subscriptionsByTopic: async () => [],
    outgoingEnqueueCombi: async () => {},
    outgoingStream: nothing,
  };
}
