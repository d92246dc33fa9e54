/** What waits to be taken by one peer. */
export interface Waiting {
  /** Bytes. */
  readonly waitingBytes: number;
}

/**
 * What waits for slow peers, over all connections: each has a bound of its own, but many slow ones together would take too
 * much. One for all gateways.
 */
export interface SendingBudget {
  /** May so many bytes more wait for a peer that has not taken what it was sent before? */
  allows(peer: Waiting, bytes: number): boolean;
  /** Nothing waits for it any more. */
  forget(peer: Waiting): void;
}

export const DEFAULT_SENDING_BYTES = 256 * 1024 * 1024;

/** So much may wait for every peer. */
const FREE_BYTES = 16 * 1024;
/** When too much waits, it is looked at anew so often. */
const LOOK_EVERY_MS = 50;

/** `now`: ms, monotonic. */
export function createSendingBudget(maxBytes: number, now: () => number): SendingBudget {
  const slow = new Set<Waiting>();
  /** At least what waits, since what was taken meanwhile is not subtracted. */
  let atMost = 0;
  let full = false;
  let lookedAt = 0;

  function look(): void {
    atMost = 0;
    for (const peer of slow) {
      const { waitingBytes } = peer;
      if (waitingBytes <= FREE_BYTES) slow.delete(peer);
      else atMost += waitingBytes;
    }
    full = atMost > maxBytes * 0.9;
    lookedAt = now();
  }

  return {
    allows(peer, bytes) {
      if (peer.waitingBytes + bytes <= FREE_BYTES) return true;
      if (slow.has(peer)) atMost += bytes;
      else {
        slow.add(peer);
        atMost += peer.waitingBytes + bytes;
      }
      if (full ? now() - lookedAt >= LOOK_EVERY_MS : atMost > maxBytes) look();
      return !full;
    },
    forget: (peer) => void slow.delete(peer),
  };
}
