/** What the bytes so far allow: a whole packet, nothing yet, or the end of the conversation. */
export type Scan = "packet" | "more" | "malformed" | "too-large";

const EMPTY = Buffer.alloc(0);

/**
 * Cuts a stream of bytes into packets (MQTT 5 §2.1). Takes no memory for what is only announced: a packet's bytes are
 * kept as they come, and one larger than the limit is told of as soon as its length is known.
 */
export class PacketScanner {
  /** Largest packet, fixed header included; may be changed between packets. */
  limit: number;
  /** After "packet": where it lies in `bytes`. The bytes are valid until the next push. */
  bytes: Buffer = EMPTY;
  start = 0;
  bodyAt = 0;
  end = 0;

  #parts: Buffer[] = [];
  #partBytes = 0;
  #need = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Bytes that wait for the rest of their packet, or to be scanned. */
  get held(): number {
    return this.#partBytes + this.bytes.length - this.end;
  }

  push(chunk: Buffer): void {
    if (this.#need > 0) {
      this.#parts.push(chunk);
      this.#partBytes += chunk.length;
      if (this.#partBytes >= this.#need) this.#join();
      return;
    }
    const rest = this.bytes.length - this.end;
    this.bytes = rest === 0 ? chunk : Buffer.concat([this.bytes.subarray(this.end), chunk]);
    this.start = 0;
    this.end = 0;
  }

  next(): Scan {
    if (this.#need > 0) return "more";
    const { bytes, end: start } = this;
    // Fixed header: type and flags, then the remaining length in one to four bytes (§2.1.4).
    let at = start + 1;
    let remaining = 0;
    for (let shift = 0; ; shift += 7) {
      if (shift === 28) return "malformed";
      const byte = bytes[at];
      if (byte === undefined) return "more";
      at += 1;
      remaining |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    const end = at + remaining;
    if (end - start > this.limit) return "too-large";
    if (end > bytes.length) {
      // The rest of it comes in many chunks: gathered, and joined once.
      this.#need = end - start;
      this.#parts = [bytes.subarray(start)];
      this.#partBytes = bytes.length - start;
      this.bytes = EMPTY;
      this.start = 0;
      this.end = 0;
      return "more";
    }
    this.start = start;
    this.bodyAt = at;
    this.end = end;
    return "packet";
  }

  /** Forgets everything. */
  clear(): void {
    this.#parts = [];
    this.#partBytes = 0;
    this.#need = 0;
    this.bytes = EMPTY;
    this.start = 0;
    this.end = 0;
  }

  #join(): void {
    this.bytes = Buffer.concat(this.#parts, this.#partBytes);
    this.#parts = [];
    this.#partBytes = 0;
    this.#need = 0;
    this.start = 0;
    this.end = 0;
  }
}
