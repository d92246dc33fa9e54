import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { EventLog, NewEvent } from "../main/hub/ports.ts";
import { systemClock } from "../main/platform/clock.ts";
import { silentLogger } from "../main/platform/log.ts";
import { openStore, type Store } from "../main/store/open-store.ts";
import { newEvent, newHead } from "../test/support/test-store.ts";

/** The log: how fast it appends, against a plain insert per event in the same run; and how soon pages of a million events come. */
const ROUNDS = 5;
const APPENDS = [
  { name: "100 B", bytes: 100, events: 60_000 },
  { name: "1 KiB", bytes: 1024, events: 20_000 },
] as const;
/** Events waiting for their commit at a time: what so many connections with one request each would make. */
const IN_HAND = [100, 1000, 5000] as const;
const PLAIN_EVENTS = 1500;
const STORED_EVENTS = 1_000_000;
const PAGE_ROUNDS = 9;

const PAGES: Readonly<Record<string, string>> = {
  "first page": "",
  topic: "topic:sensors/room-42/temperature",
  "topic wildcard": "topic:sensors/+/humidity",
  "topic wildcard, many": "topic:sensors/#",
  "rare topic": "topic:rare/+",
  source: "source:shop-3",
  protocol: "protocol:webhook",
  "status (rare)": "status:>=500",
  "size (none)": "size:>1m",
  "free text, common": "temperature",
  "free text, rare": "needle500000",
  "free text, none": "nowhere",
  "free text, prefix": "needle5*",
  "time, oldest hour": "before:1700003600000",
  combined: "topic:webhooks/# status:>=500 paid after:1700100000000",
  "topic and rare word": "topic:sensors/# needle500000",
  "nothing has both": "source:shop-3 humidity",
};

const folder = mkdtempSync(join(tmpdir(), "signalbox-bench-"));
try {
  for (const size of APPENDS) await measureAppends(size);
  await measurePages();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureAppends({ name, bytes, events }: (typeof APPENDS)[number]): Promise<void> {
  const plain: number[] = [];
  const rates = new Map<number, number[]>(IN_HAND.map((inHand) => [inHand, []]));
  const waits = new Map<number, number[]>(IN_HAND.map((inHand) => [inHand, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    plain.push(insertPlainly(join(folder, "plain.db"), bytes));
    for (const inHand of IN_HAND) {
      const store = await open("append");
      const { rate, p99 } = await append(store.log, events, inHand, () => device(bytes));
      rates.get(inHand)!.push(rate);
      waits.get(inHand)!.push(p99);
      await store.close();
      rmSync(join(folder, "append"), { recursive: true });
    }
  }
  const peer = median(plain);
  console.log(`\nAppending ${name}, synchronous=FULL (medians of ${ROUNDS})`);
  print(["", "events/s", "× plain", "p99 ms"]);
  print(["plain insert per event", count(peer), "1", ""]);
  for (const inHand of IN_HAND) {
    const rate = median(rates.get(inHand)!);
    print([`log, ${inHand} in hand`, count(rate), (rate / peer).toFixed(1), median(waits.get(inHand)!).toFixed(1)]);
  }
}

async function measurePages(): Promise<void> {
  const store = await open("pages");
  const { log } = store;
  const startedAt = performance.now();
  let made = 0;
  await append(log, STORED_EVENTS, 5000, () => mixed((made += 1)));
  const appended = performance.now();
  while (log.status().indexLag > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const indexed = performance.now();
  const { fileBytes, walBytes, indexBytes } = log.status();
  console.log(`\n${count(STORED_EVENTS)} events (half devices of 100 B, half webhooks of 600 B)`);
  console.log(`appended in ${((appended - startedAt) / 1000).toFixed(1)} s, indexed ${((indexed - appended) / 1000).toFixed(1)} s later`);
  console.log(`log ${count((fileBytes + walBytes) / STORED_EVENTS)} B per event, index ${count(indexBytes / STORED_EVENTS)} B`);
  print(["page of 100", "first ms", "median ms", "worst ms", "events", "more"]);
  for (const [name, filter] of Object.entries(PAGES)) {
    const times: number[] = [];
    let found = "";
    let more = false;
    for (let round = 0; round < PAGE_ROUNDS; round += 1) {
      const began = performance.now();
      const page = await log.query({ filter, limit: 100 });
      times.push(performance.now() - began);
      if (!page.ok) throw new Error(page.refusal.message);
      found = String(page.value.events.length);
      ({ more } = page.value);
    }
    print([name, times[0]!.toFixed(1), median(times).toFixed(1), Math.max(...times).toFixed(1), found, more ? "yes" : ""]);
  }
  const closing = performance.now();
  await store.close();
  const opening = performance.now();
  const again = await open("pages");
  const page = await again.log.query({ limit: 100 });
  const ready = performance.now();
  if (!page.ok) throw new Error(page.refusal.message);
  console.log(`close ${(opening - closing).toFixed(0)} ms, open and first page ${(ready - opening).toFixed(0)} ms`);
  await again.close();
}

function open(name: string): Promise<Store> {
  return openStore({
    folder: join(folder, name),
    clock: systemClock,
    logger: silentLogger,
    maxQueuedEvents: 10_000,
    maxQueuedBytes: 64 * 1024 * 1024,
  });
}

/** Keeps so many events waiting until all are acknowledged. */
function append(log: EventLog, events: number, inHand: number, make: () => NewEvent): Promise<{ rate: number; p99: number }> {
  return new Promise((resolve, reject) => {
    const waits: number[] = [];
    let sent = 0;
    const startedAt = performance.now();
    const sendOne = (): void => {
      sent += 1;
      const sentAt = performance.now();
      log.append(make(), (outcome) => {
        if (!outcome.ok) return reject(new Error(outcome.refusal.message));
        waits.push(performance.now() - sentAt);
        if (sent < events) sendOne();
        else if (waits.length === events) {
          waits.sort((a, b) => a - b);
          resolve({ rate: (events / (performance.now() - startedAt)) * 1000, p99: waits[Math.floor(events * 0.99)]! });
        }
      });
    };
    for (let n = 0; n < Math.min(inHand, events); n += 1) sendOne();
  });
}

/** What a program without a log of its own would do: one row, one transaction, one sync. */
function insertPlainly(path: string, bytes: number): number {
  const db = new Database(path);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec("CREATE TABLE events (id INTEGER PRIMARY KEY, received_at INTEGER, topic TEXT, body BLOB)");
  const insert = db.prepare("INSERT INTO events (received_at, topic, body) VALUES (?, ?, ?)");
  const { body, topic } = device(bytes);
  const startedAt = performance.now();
  for (let n = 0; n < PLAIN_EVENTS; n += 1) insert.run(Date.now(), topic, body);
  const rate = (PLAIN_EVENTS / (performance.now() - startedAt)) * 1000;
  db.close();
  for (const suffix of ["", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
  return rate;
}

function device(bytes: number): NewEvent {
  const text = `{"temperature":${(Math.random() * 40).toFixed(2)},"at":${Date.now()}}`;
  return newEvent({
    receivedAt: Date.now(),
    topic: `sensors/room-${Math.floor(Math.random() * 100)}/temperature`,
    body: Buffer.from(text.padEnd(bytes)),
  });
}

/** The n-th of a million: half from devices, half webhooks, a tenth of a second apart. */
function mixed(n: number): NewEvent {
  const receivedAt = 1_700_000_000_000 + n * 100;
  const word = n % 100_000 === 0 ? `needle${n}` : `n${n}`;
  if (n % 2 === 0) {
    const topic = n % 250_000 === 0 ? `rare/${n}` : `sensors/room-${n % 500}/${n % 3 === 0 ? "humidity" : "temperature"}`;
    return newEvent({
      receivedAt,
      topic,
      body: Buffer.from(`{"device":"d-${n % 500}","temperature":${n % 40},"tag":"${word}"}`.padEnd(100)),
    });
  }
  const source = `shop-${n % 20}`;
  const body = Buffer.from(
    JSON.stringify({
      id: word,
      type: "order",
      state: n % 4 === 1 ? "paid" : "open",
      lines: Array.from({ length: 8 }, (_, k) => ({ sku: `sku-${(n * 7 + k) % 5000}`, quantity: k, price: (n % 1000) / 10 })),
    }),
  );
  const head = newHead({
    target: `/in/${source}`,
    status: n % 10_001 === 0 ? 500 : 200,
    headers: [
      ["Host", "127.0.0.1:4800"],
      ["Content-Type", "application/json"],
      ["User-Agent", "shop/1.0"],
    ],
  });
  return newEvent({
    receivedAt,
    protocol: "webhook",
    source,
    topic: `webhooks/${source}/order`,
    contentType: "application/json",
    body,
    head,
  });
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function print(cells: readonly string[]): void {
  console.log(cells.map((cell, index) => (index === 0 ? cell.padEnd(24) : cell.padStart(11))).join(""));
}
