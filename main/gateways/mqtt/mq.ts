import { matchesTopic } from "../../contract/topic.ts";

/** What aedes hands its emitter. */
export interface AedesPacket {
  readonly topic: string;
  readonly payload: Buffer | string;
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
 * The emitter aedes is given. What it emits for itself (`$SYS/<its id>/…`) stays between its listeners; publications do not
 * come here, but go the way of all events through the hub. Nor are peers' subscriptions kept here: sessions subscribe at
 * the hub, in one index with all protocols.
 */
export function createMq(): Mq {
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
      for (const { filter, listener } of listeners) if (matchesTopic(filter, packet.topic)) listener(packet, () => {});
      done(emitted);
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
