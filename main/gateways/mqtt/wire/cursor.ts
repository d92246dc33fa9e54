import { REASON, type PacketFault, type ReasonCode } from "./reason-code.ts";
import { textFault } from "./text-fault.ts";

const EMPTY = Buffer.alloc(0);

/**
 * Reads a packet's fields one after the other. The first fault sticks and everything read after it is empty, so that a
 * parser asks once, at its end.
 */
export class Cursor {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
  fault: PacketFault | null = null;

  constructor(bytes: Buffer, at: number, end: number) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  fail(code: ReasonCode, why: string): void {
    this.fault ??= { code, why };
    this.at = this.end;
  }

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  /** Makes sure that the fields read were all there was. */
  finish(what: string): void {
    if (!this.atEnd) this.fail(REASON.malformed, `${what} has ${this.end - this.at} bytes too many`);
  }

  uint8(what: string): number {
    return this.#take(1, what) ? this.bytes[this.at - 1]! : 0;
  }

  uint16(what: string): number {
    return this.#take(2, what) ? this.bytes.readUInt16BE(this.at - 2) : 0;
  }

  uint32(what: string): number {
    return this.#take(4, what) ? this.bytes.readUInt32BE(this.at - 4) : 0;
  }

  /** Variable byte integer (§1.5.5): at most four bytes, and no longer than needed [MQTT-1.5.5-1]. */
  varint(what: string): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.uint8(what);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0 && shift > 0) this.fail(REASON.malformed, `${what} is written longer than needed`);
        return this.fault ? 0 : value;
      }
    }
    this.fail(REASON.malformed, `${what} has more than four bytes`);
    return 0;
  }

  binary(what: string): Buffer {
    const length = this.uint16(what);
    return this.#take(length, what) ? this.bytes.subarray(this.at - length, this.at) : EMPTY;
  }

  text(what: string): string {
    const length = this.uint16(what);
    if (!this.#take(length, what)) return "";
    const from = this.at - length;
    const fault = textFault(this.bytes, from, this.at);
    if (fault !== null) {
      this.fail(REASON.malformed, `${what} ${fault}`);
      return "";
    }
    return this.bytes.toString("utf8", from, this.at);
  }

  #take(count: number, what: string): boolean {
    if (this.fault) return false;
    if (this.at + count > this.end) {
      this.fail(REASON.malformed, `${what} is cut short`);
      return false;
    }
    this.at += count;
    return true;
  }
}
