import { SignalboxError } from "./signalbox-error.ts";

interface Publication {
  readonly frame: string;
  readonly resolve: (stored: { readonly seq: number }) => void;
  readonly reject: (error: SignalboxError) => void;
}

/** Publications the hub has not answered yet, in their order, whether they have been sent or not. */
export interface Outbox {
  /** Sends it if that is possible now, and settles when the hub has answered. Rejects with OUTBOX_FULL what goes beyond a bound. */
  add(id: number, frame: string): Promise<{ readonly seq: number }>;
  /** Everything that must be sent on a new connection. */
  frames(): readonly string[];
  resolve(id: number, seq: number): void;
  /** False when the id is none of a publication. */
  reject(id: number, error: SignalboxError): boolean;
  rejectAll(error: SignalboxError): void;
}

export interface OutboxOptions {
  readonly maxPublications: number;
  /** Counted in UTF-16 units of the frames: about their bytes. */
  readonly maxBytes: number;
  /** Does nothing while there is no connection. */
  readonly send: (frame: string) => void;
}

export function createOutbox({ maxPublications, maxBytes, send }: OutboxOptions): Outbox {
  const waiting = new Map<number, Publication>();
  let bytes = 0;

  const take = (id: number): Publication | undefined => {
    const publication = waiting.get(id);
    if (publication && waiting.delete(id)) bytes -= publication.frame.length;
    return publication;
  };
  return {
    add(id, frame) {
      // One of any size is taken when nothing waits: the hub says whether it is too large.
      if (waiting.size >= maxPublications || (waiting.size > 0 && bytes + frame.length > maxBytes)) {
        const message = `${waiting.size} publications wait for the hub already; try again when some of them are answered.`;
        return Promise.reject(new SignalboxError("OUTBOX_FULL", message));
      }
      bytes += frame.length;
      send(frame);
      return new Promise((resolve, reject) => waiting.set(id, { frame, resolve, reject }));
    },
    frames: () => [...waiting.values()].map(({ frame }) => frame),
    resolve: (id, seq) => take(id)?.resolve({ seq }),
    reject(id, error) {
      const publication = take(id);
      publication?.reject(error);
      return publication !== undefined;
    },
    rejectAll(error) {
      for (const id of waiting.keys()) take(id)?.reject(error);
    },
  };
}
