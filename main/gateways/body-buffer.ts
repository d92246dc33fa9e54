const SMALLEST = 16 * 1024;
const LARGEST_FIRST = 256 * 1024;

/**
 * Gathers a body. The usual body of one chunk is kept as it came; more are copied into one buffer that doubles, so that
 * a body sent byte by byte costs what it weighs and not an object per byte.
 */
export class BodyBuffer {
  length = 0;
  readonly #announced: number | null;
  #bytes: Buffer | null = null;
  #owned = false;

  constructor(announced: number | null) {
    this.#announced = announced;
  }

  add(chunk: Buffer): void {
    if (this.#bytes === null) {
      this.#bytes = chunk;
      this.length = chunk.length;
      return;
    }
    const needed = this.length + chunk.length;
    if (!this.#owned || needed > this.#bytes.length) {
      // What is announced is only believed up to a point: memory is given as bytes come.
      const first = Math.min(this.#announced ?? SMALLEST, LARGEST_FIRST);
      const size = Math.max(needed, this.#owned ? this.#bytes.length * 2 : Math.max(first, SMALLEST));
      const grown = Buffer.allocUnsafe(this.#announced !== null && this.#announced >= needed ? Math.min(size, this.#announced) : size);
      this.#bytes.copy(grown, 0, 0, this.length);
      this.#bytes = grown;
      this.#owned = true;
    }
    chunk.copy(this.#bytes, this.length);
    this.length = needed;
  }

  take(): Buffer {
    return this.#bytes === null ? EMPTY : this.#bytes.subarray(0, this.length);
  }

  /** A copy of the beginning, so that the whole can be let go. */
  takeBeginning(maxBytes: number): Buffer {
    return Buffer.from(this.take().subarray(0, maxBytes));
  }
}

const EMPTY = Buffer.alloc(0);
