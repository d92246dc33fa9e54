import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import type { TestContext } from "node:test";

export interface RawFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

export interface RawWs {
  /** Bytes as they are. */
  write(bytes: Buffer): void;
  /** Everything the server sends until it ends the connection. */
  readonly frames: Promise<readonly RawFrame[]>;
}

export interface FrameOptions {
  readonly fin?: boolean;
  readonly rsv?: number;
  readonly masked?: boolean;
}

/** A frame as a client makes it (RFC 6455 §5.2), or as it should not. */
export function rawFrame(opcode: number, payload: Buffer | string, { fin = true, rsv = 0, masked = true }: FrameOptions = {}): Buffer {
  const body = Buffer.from(payload);
  const length = body.length < 126 ? [body.length] : [126, body.length >> 8, body.length & 255];
  length[0]! |= masked ? 0x80 : 0;
  const head = Buffer.from([(fin ? 0x80 : 0) | (rsv << 4) | opcode, ...length]);
  if (!masked) return Buffer.concat([head, body]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, body.map((byte, index) => byte ^ mask[index % 4]!)]);
}

/** A WebSocket with nothing between the test and the bytes. */
export async function openRawWs(t: TestContext, port: number, path: string): Promise<RawWs> {
  const socket = connect({ host: "127.0.0.1", port });
  t.after(() => socket.destroy());
  socket.on("error", () => undefined); // a reset is an end as well
  await once(socket, "connect");
  const received: Buffer[] = [];
  socket.on("data", (chunk) => received.push(chunk));
  const frames = once(socket, "close").then(() => {
    const bytes = Buffer.concat(received);
    return parseFrames(bytes.subarray(bytes.indexOf("\r\n\r\n") + 4));
  });
  socket.on("end", () => socket.end());
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
  );
  return { write: (bytes) => void socket.write(bytes), frames };
}

function parseFrames(bytes: Buffer): RawFrame[] {
  const frames: RawFrame[] = [];
  for (let at = 0; at + 2 <= bytes.length;) {
    const short = bytes[at + 1]! & 127;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUInt32BE(at + 6);
    frames.push({ opcode: bytes[at]! & 15, payload: bytes.subarray(at + head, at + head + length) });
    at += head + length;
  }
  return frames;
}
