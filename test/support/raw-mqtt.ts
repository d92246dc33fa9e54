import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** A peer that says what it is told to, byte by byte. Hex may have spaces. */
export interface RawMqtt {
  readonly socket: Socket;
  send(hex: string): void;
  /** The next packet, whole, as hex without spaces; null when the connection has ended. */
  packet(): Promise<string | null>;
  /** Resolves when the hub has hung up; fails when it says something first. */
  ended(): Promise<void>;
}

export const CONNECT = {
  v3: "100f 0006 4d5149736470 03 02 003c 0001 61",
  v4: "100d 0004 4d515454 04 02 003c 0001 61",
  v5: "100e 0004 4d515454 05 02 003c 00 0001 61",
};

/** Connects a socket; sends nothing by itself. */
export async function openRaw(t: TestContext, port: number): Promise<RawMqtt> {
  const socket = connect({ host: "127.0.0.1", port });
  t.after(() => socket.destroy());
  let held = Buffer.alloc(0);
  let over = false;
  let wake = (): void => {};
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    wake();
  });
  for (const event of ["end", "close", "error"])
    socket.on(event, () => {
      over = true;
      wake();
    });
  await once(socket, "connect");

  const raw: RawMqtt = {
    socket,
    send: (hex) => void socket.write(Buffer.from(hex.replaceAll(" ", ""), "hex")),
    async packet() {
      for (;;) {
        const length = packetBytes(held);
        if (length !== null) {
          const packet = held.subarray(0, length).toString("hex");
          held = held.subarray(length);
          return packet;
        }
        if (over) return null;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    async ended() {
      const packet = await raw.packet();
      if (packet !== null) throw new Error(`the hub said ${packet}`);
    },
  };
  return raw;
}

/** Bytes of the packet at the beginning; null when it is not whole. */
function packetBytes(bytes: Buffer): number | null {
  let remaining = 0;
  for (let at = 1; at < 5; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return null;
    remaining |= (byte & 0x7f) << ((at - 1) * 7);
    if (byte < 0x80) return at + 1 + remaining <= bytes.length ? at + 1 + remaining : null;
  }
  return null;
}
