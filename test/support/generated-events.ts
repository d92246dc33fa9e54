import { PROTOCOLS, VERDICTS, EVENT_STATES } from "../../main/contract/event.ts";
import type { NewEvent } from "../../main/hub/ports.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { newEvent, newHead } from "./test-store.ts";

const ROOMS = ["kitchen", "cellar", "attic", "M\u00fcnchen", "\u6771\u4eac"];
const WORDS = [
  "alpha",
  "alphabet",
  "beta",
  "gamma",
  "Caf\u00e9",
  "M\u00fcller",
  "naive",
  "order_created",
  "paid",
  "refund",
  "12",
  "1234",
  "\u6771\u4eac",
];
const SOURCES = ["github", "shop", "stripe"];
const METHODS = ["POST", "GET", "PUT"];
const STATUSES = [200, 201, 204, 301, 404, 413, 500];
export const START_AT = 1_700_000_000_000;

/** Events of every kind, received in order but for a clock that is set back (and forward) now and then. */
export function generateEvents(random: SeededRandom, count: number): NewEvent[] {
  let now = START_AT;
  return Array.from({ length: count }, () => {
    now += random.below(2000);
    if (random.chance(0.003)) now += (random.chance(0.5) ? -1 : 1) * random.below(10 * 60_000);
    return random.chance(0.5) ? deviceEvent(random, now) : webhookEvent(random, now);
  });
}

function deviceEvent(random: SeededRandom, receivedAt: number): NewEvent {
  const topic = random.pick([
    `sensors/${random.pick(ROOMS)}/temp`,
    `sensors/${random.pick(ROOMS)}`,
    "sensors",
    `$SYS/${random.pick(ROOMS)}`,
    `x/${random.below(40)}`,
  ]);
  return newEvent({ receivedAt, topic, protocol: random.pick(PROTOCOLS), body: randomBody(random), retained: random.chance(0.1) });
}

function webhookEvent(random: SeededRandom, receivedAt: number): NewEvent {
  const source = random.pick(SOURCES);
  const body = randomBody(random);
  return newEvent({
    receivedAt,
    protocol: "webhook",
    source,
    topic: `webhooks/${source}/${random.pick(["push", "order", "ping"])}`,
    contentType: "application/json",
    body,
    size: random.chance(0.1) ? 50_000_000 : body.length,
    state: random.chance(0.8) ? "accepted" : random.pick(EVENT_STATES),
    verdict: random.chance(0.7) ? "not-configured" : random.pick(VERDICTS),
    direction: random.chance(0.9) ? "in" : "out",
    head: newHead({
      method: random.pick(METHODS),
      target: `/in/${source}/${random.pick(WORDS)}?n=${random.below(9)}`,
      status: random.pick(STATUSES),
    }),
  });
}

function randomBody(random: SeededRandom): Buffer {
  if (random.chance(0.1)) return Buffer.from([0, 255, random.below(256), 1]); // Binary: never searched.
  const text = Array.from({ length: random.below(8) }, () => random.pick(WORDS)).join(random.pick([" ", ", ", "-"]));
  return Buffer.from(random.chance(0.03) ? `${text} ${"filler ".repeat(3000)} toolate` : text);
}

const TERMS: readonly ((random: SeededRandom) => string)[] = [
  (random) =>
    `topic:${random.pick(["sensors/#", "sensors/+/temp", "#", "+/+", "$SYS/#", "webhooks/github/#", "sensors", "x/7", "x/#", "nowhere/#", "sensors/kitchen/temp,x/3", "+/kitchen"])}`,
  (random) => `source:${random.pick(["github", "shop", "stripe", "nobody", "github,shop"])}`,
  (random) => `protocol:${random.pick(["webhook", "mqtt", "mqtt,sse", "hub"])}`,
  (random) => `state:${random.pick(["refused", "accepted", "duplicate", "refused,handshake"])}`,
  (random) => `verdict:${random.pick(["failed", "not-configured", "verified,failed"])}`,
  (random) => `direction:${random.pick(["in", "out"])}`,
  (random) => `method:${random.pick(["POST", "get", "DELETE", "PUT,GET"])}`,
  (random) => `status:${random.pick([">=400", "404", "<300", ">200", "<=204", ">=600", "=500", ">499"])}`,
  (random) => `size:${random.pick([">10k", "<5", "=0", ">=1", "<=12"])}`,
  (random) => `${random.pick(["after", "before"])}:${START_AT + random.below(3_000_000)}`,
  (random) =>
    random.pick([
      ...WORDS,
      "alph*",
      "al*",
      "f*",
      "1*",
      "m*",
      "nothing",
      "toolate",
      "filler",
      "cafe",
      "in",
      "shop",
      '"alpha beta"',
      '"paid, refund"',
      '"alpha be*',
      "order_created",
    ]),
];

/** A filter of up to three terms, some of them turned round. */
export function generateFilter(random: SeededRandom): string {
  return Array.from({ length: 1 + random.below(3) }, () => `${random.chance(0.2) ? "-" : ""}${random.pick(TERMS)(random)}`).join(" ");
}
