import type { WebhookRequest } from "../../../main/webhooks/provider.ts";
import type { SeededRandom } from "../../support/seeded-random.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const WORDS = [
  "order",
  "café",
  "naïve",
  "日本",
  "🚚",
  "https://h/x?a=1&b=2",
  'quo"te',
  "back\\slash",
  "tab\t",
  "line\nbreak",
  "<b>",
  "1.0",
  "",
];

export function randomText(random: SeededRandom, length: number): string {
  return Array.from({ length }, () => LETTERS[random.below(LETTERS.length)]).join("");
}

/** A value of JSON, of any shape. */
export function randomJson(random: SeededRandom, depth = 3): unknown {
  const kind = random.below(depth > 0 ? 7 : 5);
  if (kind === 0) return random.pick(WORDS);
  if (kind === 1) return random.below(1_000_000);
  if (kind === 2) return random.next() * 1000;
  if (kind === 3) return random.pick([true, false, null]);
  if (kind === 4) return randomText(random, random.below(40));
  const length = random.below(5);
  if (kind === 5) return Array.from({ length }, () => randomJson(random, depth - 1));
  return Object.fromEntries(Array.from({ length }, (_, index) => [`${randomText(random, 4)}${index}`, randomJson(random, depth - 1)]));
}

/** As senders write it: compact, indented, with spaces, with slashes escaped, letters escaped, 1.0 and long numbers. */
export function randomJsonText(random: SeededRandom, fields: object): string {
  const value = { ...fields, data: randomJson(random) };
  const compact = JSON.stringify(value);
  switch (random.below(6)) {
    case 0:
      return JSON.stringify(value, null, 2);
    case 1:
      return compact.replaceAll("/", "\\/");
    case 2:
      return compact.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
    case 3:
      return `${compact.slice(0, -1)},"n":1.0,"big":12345678901234567890}`;
    case 4:
      return `${compact}\r\n`;
    default:
      return compact;
  }
}

export function jsonRequest(random: SeededRandom, fields: object, headers: readonly (readonly [string, string])[] = []): WebhookRequest {
  return {
    method: "POST",
    url: randomUrl(random),
    headers: [["Host", "hooks.example.com"], ["Content-Type", "application/json"], ...headers],
    body: Buffer.from(randomJsonText(random, fields)),
  };
}

export function randomUrl(random: SeededRandom): string {
  const query = random.pick(["", "", "?a=1", "?q=%20x&r=a%2Fb", "?name=O%27Neil&x=(1)"]);
  return `https://hooks.example.com${random.pick(["", ":443", ":8443"])}/in/${randomText(random, 6)}${random.pick(["", "/"])}${query}`;
}
