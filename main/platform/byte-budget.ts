/** So many bytes may be held at once; who wants more waits, in the order of asking. */
export interface ByteBudget {
  /** At once when there is room and nobody waits. More than the whole budget is taken for the whole of it. */
  take(bytes: number): Promise<ByteShare>;
}

/** What one holder has of a budget, until it gives it back. */
export interface ByteShare {
  /** Keeps only so many: the room was taken before it was known how much was needed. */
  shrinkTo(bytes: number): void;
  /** Gives the rest back; the second time nothing. */
  release(): void;
}

export function createByteBudget(maxBytes: number): ByteBudget {
  const waiting: { readonly bytes: number; readonly start: (share: ByteShare) => void }[] = [];
  let free = maxBytes;

  const toShare = (taken: number): ByteShare => {
    let held = taken;
    const shrinkTo = (bytes: number): void => {
      if (bytes >= held) return;
      free += held - bytes;
      held = bytes;
      while (waiting.length > 0 && waiting[0]!.bytes <= free) admit(waiting.shift()!);
    };
    return { shrinkTo, release: () => shrinkTo(0) };
  };
  const admit = ({ bytes, start }: (typeof waiting)[number]): void => {
    free -= bytes;
    start(toShare(bytes));
  };

  return {
    take(wanted) {
      const { promise, resolve } = Promise.withResolvers<ByteShare>();
      const entry = { bytes: Math.min(wanted, maxBytes), start: resolve };
      if (waiting.length === 0 && entry.bytes <= free) admit(entry);
      else waiting.push(entry);
      return promise;
    },
  };
}
