import { Duplex } from "node:stream";

/** Who stands behind the stream that aedes is given. */
export interface StreamOwner {
  /** Whole packets that aedes has written. */
  onWritten(bytes: Buffer): void;
  /** aedes is done with the peer. */
  onDestroyed(): void;
}

/**
 * The stream aedes takes for the peer's connection. It reads only packets that were checked and are its business, and
 * what it writes is looked at before it goes out. aedes writes a packet in pieces between cork and uncork, so that each
 * write that arrives here holds whole packets.
 */
export class AedesStream extends Duplex {
  readonly #owner: StreamOwner;

  constructor(owner: StreamOwner) {
    super({ decodeStrings: true });
    this.#owner = owner;
  }

  /** Nothing to do: packets are pushed as they come. */
  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void): void {
    this.#owner.onWritten(chunk);
    callback();
  }

  override _writev(chunks: { chunk: Buffer }[], callback: () => void): void {
    this.#owner.onWritten(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    callback();
  }

  override _destroy(_error: Error | null, callback: (error?: Error | null) => void): void {
    this.#owner.onDestroyed();
    callback(null);
  }
}
