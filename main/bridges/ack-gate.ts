import { Duplex } from "node:stream";

/** A message that was taken, and may be acknowledged as soon as it is safe. */
export interface Ticket {
  safe(): void;
}

const PUBACK = 4;

/**
 * Between mqtt.js and its connection. mqtt.js handles one message at a time, and acknowledges it before it looks at the
 * next: waiting for each commit would be slow. So it is let go on at once, and its PUBACKs wait here, in their order
 * [MQTT-4.6.0-2], until what they acknowledge is safe. Everything else passes.
 */
export class AckGate extends Duplex {
  readonly #inner: Duplex;
  /** What mqtt.js has written of a packet that is not whole. */
  #rest: Buffer = Buffer.alloc(0);
  /** Messages that wait, in order; the acknowledgement is null until mqtt.js has written it. */
  readonly #waiting: { isSafe: boolean; ack: Buffer | null }[] = [];

  constructor(inner: Duplex) {
    super({ decodeStrings: true });
    this.#inner = inner;
    inner.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) inner.pause();
    });
    inner.on("end", () => this.push(null));
    inner.on("error", (error) => this.destroy(error));
    inner.on("close", () => this.destroy());
  }

  /** How many are not acknowledged. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** To be asked for each message of QoS 1, in order, before mqtt.js acknowledges it. */
  expectAck(): Ticket {
    const entry = { isSafe: false, ack: null };
    this.#waiting.push(entry);
    return {
      safe: () => {
        Object.assign(entry, { isSafe: true });
        this.#release();
      },
    };
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#forward(chunk, callback);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    this.#forward(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#inner.end(callback);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#inner.destroy();
    callback(error);
  }

  #forward(bytes: Buffer, callback: (error?: Error | null) => void): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const passing: Buffer[] = [];
    for (let length = packetBytes(this.#rest); length !== null; length = packetBytes(this.#rest)) {
      const packet = this.#rest.subarray(0, length);
      this.#rest = this.#rest.subarray(length);
      const entry = packet[0]! >> 4 === PUBACK ? this.#waiting.find(({ ack }) => ack === null) : undefined;
      if (entry === undefined) passing.push(packet);
      else entry.ack = packet;
    }
    this.#release();
    if (passing.length === 0) callback();
    else this.#inner.write(Buffer.concat(passing), callback);
  }

  #release(): void {
    const first = this.#waiting.findIndex(({ isSafe, ack }) => !isSafe || ack === null);
    const ready = this.#waiting.splice(0, first < 0 ? this.#waiting.length : first);
    if (ready.length > 0 && this.#inner.writable) this.#inner.write(Buffer.concat(ready.map(({ ack }) => ack!)));
  }
}

/** Bytes of the packet at the beginning (MQTT 5 §2.1.4); null when it is not whole. */
function packetBytes(bytes: Buffer): number | null {
  let length = 0;
  for (let at = 1; at < 5; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 128 ** (at - 1);
    if (byte < 0x80) return bytes.length >= at + 1 + length ? at + 1 + length : null;
  }
  return null;
}
