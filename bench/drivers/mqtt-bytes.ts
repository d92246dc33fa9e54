/** MQTT 3.1.1 packets as bytes, encoded by hand so that a driver costs next to nothing. */

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
}

function packet(first: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length: number[] = [];
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([first, ...length]), body]);
}

export function connectPacket(clientId: string, clean = true): Buffer {
  return packet(0x10, text("MQTT"), Buffer.from([4, clean ? 2 : 0, 0, 0]), text(clientId));
}

export function subscribePacket(packetId: number, filters: readonly string[], qos: number): Buffer {
  const id = Buffer.from([packetId >> 8, packetId & 255]);
  return packet(0x82, id, ...filters.flatMap((filter) => [text(filter), Buffer.from([qos])]));
}

/** `packetId` 0: QoS 0, else 1. */
export function publishPacket(topic: string, payload: Buffer, packetId = 0, retain = false): Buffer {
  const id = packetId === 0 ? Buffer.alloc(0) : Buffer.from([packetId >> 8, packetId & 255]);
  return packet(0x30 | (packetId === 0 ? 0 : 2) | (retain ? 1 : 0), text(topic), id, payload);
}
