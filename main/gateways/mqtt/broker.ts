import { Readable } from "node:stream";
import { Aedes } from "aedes";
import type { AedesStream } from "./aedes-stream.ts";
import type { Connection } from "./connection.ts";
import { createMq } from "./mq.ts";
import type { Persistence } from "./persistence.ts";

export interface Broker {
  handle(stream: AedesStream, connection: Connection): void;
  /** A session has ended that aedes may still know of. */
  forget(clientId: string): void;
  /** Says goodbye to all peers. */
  close(): Promise<void>;
}

export interface BrokerOptions {
  readonly id: string;
  readonly persistence: Persistence;
  readonly onError: (error: unknown) => void;
}

/**
 * aedes, which does what a session is: CONNECT, take-over, subscriptions and DISCONNECT. It is reached through its own
 * seams alone: a stream, an emitter, a persistence. Events do not pass through it, and neither do wills: it would forget
 * their delay with a restart.
 */
export async function openBroker({ id, persistence, onError }: BrokerOptions): Promise<Broker> {
  const mq = createMq();
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
    forget: (clientId) => (broker as unknown as { clearSessionExpiry(id: string): void }).clearSessionExpiry(clientId), // not in its types
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
  if (code === "CLIENT_ID_TAKEN") return 2;
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
