import assert from "node:assert/strict";
import { test } from "node:test";
import { PacketScanner } from "../../../main/gateways/mqtt/wire/packet-scanner.ts";
import { createSeededRandom } from "../../support/seeded-random.ts";

const packet = (type: number, bytes: number): Buffer => {
  const length: number[] = [];
  let rest = bytes;
  do {
    length.push((rest & 0x7f) | (rest > 127 ? 0x80 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([type << 4, ...length]), Buffer.alloc(bytes, type)]);
};

test("packets come out whole and in order, however the bytes are cut", () => {
  const random = createSeededRandom(7);
  const sizes = [0, 1, 2, 127, 128, 300, 16_383, 16_384, 70_000];
  for (let round = 0; round < 50; round += 1) {
    const packets = Array.from({ length: 12 }, () => packet(1 + random.below(15), random.pick(sizes)));
    const bytes = Buffer.concat(packets);
    const scanner = new PacketScanner(1_000_000);
    const seen: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const step = 1 + random.below(random.pick([1, 5, 300, 40_000]));
      scanner.push(bytes.subarray(at, at + step));
      at += step;
      while (scanner.next() === "packet") seen.push(Buffer.from(scanner.bytes.subarray(scanner.start, scanner.end)));
    }
    assert.deepEqual(seen, packets);
    assert.equal(scanner.held, 0);
  }
});

test("a packet above the limit is told of by its announcement, and nothing is kept for it", () => {
  const scanner = new PacketScanner(70 * 1024);
  scanner.push(Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f])); // 256 MiB
  assert.equal(scanner.next(), "too-large");
  assert.ok(scanner.held <= 5);
});

test("a length of five bytes is malformed", () => {
  const scanner = new PacketScanner(1_000_000);
  scanner.push(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x7f]));
  assert.equal(scanner.next(), "malformed");
});
