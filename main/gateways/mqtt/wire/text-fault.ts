import { isUtf8 } from "node:buffer";

/**
 * Why these bytes cannot be an MQTT string (MQTT 5 §1.5.4), or null when they can. U+0000, surrogates and overlong forms
 * must be refused [MQTT-1.5.4-1] [MQTT-1.5.4-2]; control characters may be, and are, since no topic needs them.
 */
export function textFault(bytes: Buffer, from: number, to: number): string | null {
  let at = from;
  for (; at < to; at += 1) {
    const byte = bytes[at]!;
    if (byte < 0x20 || byte === 0x7f) return "holds a control character";
    if (byte >= 0x80) break;
  }
  if (at === to) return null;
  if (!isUtf8(bytes.subarray(at, to))) return "is not valid UTF-8";
  for (; at < to; at += 1) {
    const byte = bytes[at]!;
    if (byte < 0x20 || byte === 0x7f) return "holds a control character";
    // U+0080 to U+009F are C2 80 to C2 9F.
    if (byte === 0xc2 && bytes[at + 1]! < 0xa0) return "holds a control character";
  }
  return null;
}
