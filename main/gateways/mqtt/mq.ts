import { matchesTopic } from "../../contract/topic.ts";

/** What aedes hands its emitter: a packet of its own making or a will. */
export interface AedesPacket {
  readonly topic: string;
  readonly payload: Buffer | string;
  readonly qos?: 0 | 1 | 2;
  readonly retain?: boolean;
  readonly clientId?: string;
  readonly properties?: Record<string, unknown>;
}

type Listener = (packet: AedesPacket, done: () => void) => void;

/** mqemitter's interface as aedes uses it. */
export interface Mq {
  on(filter: string, listener: Listener, done?: () => void): Mq;
  removeListener(filter: string, listener: Listener, done?: () => void): Mq;
  emit(packet: AedesPacket, done?: (error?: Error) => void): Mq;
  close(done: () => void): Mq;
  /** From now on who listens is a peer, and is not kept. */
  seal(): void;
}

/**
 * The emitter aedes is given. What it emits for itself (`$SYS/<its id>/…`) stays between its listeners; anything else is
 * a publication, and goes the way of all events through the hub. Peers' subscriptions are not kept here: sessions
 * subscribe at the hub, in one index with all protocols.
 */
export function createMq(brokerId: string, publish: (packet: AedesPacket, done: () => void) => void): Mq {
  const own = `$SYS/${brokerId}/`;
  const listeners = new Set<{ readonly filter: string; readonly listener: Listener }>();
  let sealed = false;
  const done = (callback?: () => void): void => {
    if (callback) setImmediate(callback);
  };
  const mq: Mq = {
    on(filter, listener, added) {
      if (!sealed) listeners.add({ filter, listener });
      done(added);
      return mq;
    },
    removeListener(filter, listener, removed) {
      for (const entry of listeners) if (entry.filter === filter && entry.listener === listener) listeners.delete(entry);
      done(removed);
      return mq;
    },
    emit(packet, emitted) {
      if (packet.topic.startsWith(own)) {
        for (const { filter, listener } of listeners) if (matchesTopic(filter, packet.topic)) listener(packet, () => {});
        done(emitted);
      } else publish(packet, () => emitted?.());
      return mq;
    },
    seal() {
      sealed = true;
    },
    close(closed) {
      listeners.clear();
      done(closed);
      return mq;
    },
  };
  return mq;
}
