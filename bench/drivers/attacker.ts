import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { connectPacket, publishPacket, subscribePacket } from "./mqtt-bytes.ts";

/** Attacks a hub's MQTT listener until it is killed: `node attacker.ts <attack> <port>`. Says "begun" when it has. */
const [attack = "", portText = ""] = process.argv.slice(2);
const port = Number(portText);
const KIB = Buffer.alloc(1024, "x");
const SMALL = Buffer.alloc(100, "x");

function open(): Socket {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  socket.on("error", () => socket.destroy()); // being thrown out is part of it
  return socket;
}

async function openMqtt(clientId: string): Promise<Socket> {
  const socket = open();
  socket.write(connectPacket(clientId));
  await Promise.race([once(socket, "data"), once(socket, "close")]);
  return socket;
}

/** Writes as fast as it is taken, and comes again when it is thrown out. */
async function pump(clientId: string, next: () => Buffer): Promise<never> {
  for (;;) {
    const socket = await openMqtt(clientId);
    socket.resume();
    while (!socket.destroyed) {
      if (!socket.write(next())) await Promise.race([once(socket, "drain"), once(socket, "close")]);
    }
    await pause(100);
  }
}

function burst(make: (n: number) => Buffer): () => Buffer {
  let n = 0;
  return () => Buffer.concat(Array.from({ length: 100 }, () => make((n += 1))));
}

const deep = (n: number): string =>
  [n.toString(36), ...Array.from({ length: 30 }, (_, level) => ((n >> (level % 20)) & 1 ? "a" : "b"))].join("/");

async function subscribeFrozen(count: number, filter: string): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const socket = await openMqtt(`frozen-${n}`);
    socket.write(subscribePacket(1, [filter], n % 2));
    await once(socket, "data");
    socket.pause();
  }
}

/** Filters of 32 levels that all match the topic a/a/a/…, and no two of them alike. */
function bombFilters(from: number): string[] {
  return Array.from({ length: 1000 }, (_, n) =>
    Array.from({ length: 31 }, (_level, level) => (((from + n) >> level) & 1 ? "+" : "a"))
      .join("/")
      .concat("/#"),
  );
}

const ATTACKS: Readonly<Record<string, () => Promise<unknown>>> = {
  async frozen() {
    await subscribeFrozen(50, "frozen/#");
    return pump(
      "feeder",
      burst(() => publishPacket("frozen/a", KIB)),
    );
  },
  flood: () =>
    Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        pump(
          `flood-${n}`,
          burst(() => publishPacket(`flood/${n}`, SMALL)),
        ),
      ),
    ),
  "flood, QoS 1": () => {
    const packetId = (n: number): number => 1 + (n % 60_000);
    return Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        pump(
          `flood-${n}`,
          burst((k) => publishPacket(`flood/${n}`, SMALL, packetId(k))),
        ),
      ),
    );
  },
  "retained bomb": () =>
    pump(
      "bomber",
      burst((n) => publishPacket(`bomb/${n}`, KIB, 1 + (n % 60_000), true)),
    ),
  "topic bomb": () =>
    pump(
      "bomber",
      burst((n) => publishPacket(deep(n), SMALL)),
    ),
  async "wildcard bomb"() {
    for (let n = 0; n < 20; n += 1) {
      const socket = await openMqtt(`wild-${n}`);
      socket.write(subscribePacket(1, bombFilters(n * 1000), 0));
      await once(socket, "data");
      socket.resume();
    }
    return pump(
      "bomber",
      burst(() => publishPacket(Array.from({ length: 32 }, () => "a").join("/"), SMALL)),
    );
  },
  "subscribe storm": () =>
    pump(
      "stormer",
      burst((n) => subscribePacket(1 + (n % 60_000), ["+/+/+/nothing", "#"], 0)),
    ),
  async "connect flood"() {
    for (;;) {
      const sockets = Array.from({ length: 50 }, (_, n) => {
        const socket = open();
        socket.write(connectPacket(`flood-${n}-${Math.random()}`, n % 2 === 0).subarray(0, n % 3 === 0 ? 9 : undefined));
        socket.resume();
        return socket;
      });
      await pause(5);
      for (const socket of sockets) socket.destroy();
    }
  },
  "take-over": () =>
    Promise.all(
      Array.from({ length: 10 }, () =>
        pump(
          "the same",
          burst(() => publishPacket("fight", SMALL, 1)),
        ),
      ),
    ),
  async "half-open"() {
    for (let n = 0; n < 3000; n += 1) {
      open();
      if (n % 100 === 0) await pause(10);
    }
    return pause(1_000_000);
  },
};

const run = ATTACKS[attack];
if (run === undefined) {
  console.log(JSON.stringify(Object.keys(ATTACKS)));
} else {
  console.log("begun");
  await run();
}
