const FIRST_SLOTS = 1024;
/** Beyond this it takes long to find a free place. */
const MOST_FULL = 0.6;
const FREE = 0;

/**
 * Positions in the log by hash, in 16 bytes each: a Map of a million strings would take ten times that. Of a hash only 64
 * bits are kept, so what is found is to be compared with what is stored. Open addressing with linear probing.
 */
export interface KeyTable {
  /** 0 when there is none. */
  find(key: Uint8Array): number;
  /** In place of what was there. `seq` from 1. */
  set(key: Uint8Array, seq: number): void;
  /** Only when it is this one that is there. */
  remove(key: Uint8Array, seq: number): void;
}

export function createKeyTable(): KeyTable {
  let slots = FIRST_SLOTS;
  let hashes = new BigUint64Array(slots);
  let seqs = new Float64Array(slots);
  let count = 0;

  const homeOf = (hash: bigint): number => Number(hash & BigInt(slots - 1));
  const next = (slot: number): number => (slot + 1) & (slots - 1);

  /** Where the hash is, or the free place where it would be. */
  function slotOf(hash: bigint): number {
    let slot = homeOf(hash);
    while (seqs[slot] !== FREE && hashes[slot] !== hash) slot = next(slot);
    return slot;
  }

  function put(hash: bigint, seq: number): void {
    const slot = slotOf(hash);
    if (seqs[slot] === FREE) count += 1;
    hashes[slot] = hash;
    seqs[slot] = seq;
  }

  function grow(): void {
    const [oldHashes, oldSeqs] = [hashes, seqs];
    slots *= 2;
    hashes = new BigUint64Array(slots);
    seqs = new Float64Array(slots);
    count = 0;
    for (const [slot, seq] of oldSeqs.entries()) if (seq !== FREE) put(oldHashes[slot]!, seq);
  }

  return {
    find: (key) => seqs[slotOf(toHash(key))]!,
    set(key, seq) {
      if (count >= slots * MOST_FULL) grow();
      put(toHash(key), seq);
    },
    remove(key, seq) {
      let hole = slotOf(toHash(key));
      if (seqs[hole] !== seq) return;
      // Those behind it that would not be found across the hole move into it.
      for (let slot = next(hole); seqs[slot] !== FREE; slot = next(slot)) {
        const home = homeOf(hashes[slot]!);
        const reaches = hole <= slot ? home <= hole || home > slot : home <= hole && home > slot;
        if (!reaches) continue;
        hashes[hole] = hashes[slot]!;
        seqs[hole] = seqs[slot]!;
        hole = slot;
      }
      seqs[hole] = FREE;
      count -= 1;
    },
  };
}

function toHash(key: Uint8Array): bigint {
  return new DataView(key.buffer, key.byteOffset, key.byteLength).getBigUint64(0);
}
