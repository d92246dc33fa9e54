import type { WebhookRequest } from "../../../main/webhooks/provider.ts";
import type { SeededRandom } from "../../support/seeded-random.ts";
import { type Oracle, headerOf, withHeaders } from "./oracle.ts";

/** A signed request, what it is verified with and when. */
export interface Case {
  readonly request: WebhookRequest;
  readonly secret: string;
  readonly now: number;
}

type Change = (given: Case, oracle: Oracle, random: SeededRandom) => Case;

const SECOND = 1000;

/** What happens to a request between the one who signs and the one who verifies. */
const CHANGES = {
  none: (given) => given,
  "header names in capitals": (given) => ({
    ...given,
    request: { ...given.request, headers: given.request.headers.map(([name, value]) => [name.toUpperCase(), value] as const) },
  }),
  "a character of the body changed": inBody((text, random) => {
    const at = random.below(text.length);
    return `${text.slice(0, at)}${text[at] === "x" ? "y" : "x"}${text.slice(at + 1)}`;
  }),
  "the body cut short": inBody((text) => text.slice(0, -1)),
  "a line break behind the body": inBody((text) => `${text}\n`),
  "no body": inBody(() => ""),
  "a character of the signature changed": inSignature((value, random) => {
    const at = value.length - 4 - random.below(20);
    return `${value.slice(0, at)}${value[at] === "a" ? "b" : "a"}${value.slice(at + 1)}`;
  }),
  "the signature cut short": inSignature((value) => value.slice(0, -1)),
  "the signature in capitals": inSignature((value, _, { prefix }) =>
    value.replace(new RegExp(`(${prefix}|^)([0-9a-f]{32,})$`), (_all, before: string, hex: string) => `${before}${hex.toUpperCase()}`),
  ),
  "no prefix": inSignature((value, _, { prefix }) => value.replace(prefix, "")),
  "more behind a second separator": inSignature((value, _, { prefix }) => `${value}${prefix.at(-1) ?? ","}more`),
  "another signature before it": inSignature((value, _, { prefix, separator }) =>
    separator === undefined ? value : value.replace(prefix, `${prefix}${"0".repeat(44)}${separator}${prefix}`),
  ),
  "no signature": (given, { header }) => ({
    ...given,
    request: { ...given.request, headers: given.request.headers.filter(([name]) => name.toLowerCase() !== header.toLowerCase()) },
  }),
  "another secret": (given, oracle, random) => ({ ...given, secret: oracle.otherSecret ?? oracle.secret(random) }),
  "another URL": (given, { signsUrl }) => (signsUrl ? { ...given, request: { ...given.request, url: `${given.request.url}x` } } : given),
  "the usual port written or left out": (given, { signsUrl }) =>
    signsUrl
      ? {
          ...given,
          request: {
            ...given.request,
            url: given.request.url!.replace(/(example\.com)(:443)?\//, (_, host: string, port?: string) => `${host}${port ? "" : ":443"}/`),
          },
        }
      : given,
  "another time": (given, { time }) =>
    time
      ? { ...given, request: withHeaders(given.request, [time.header, String(Number(headerOf(given.request, time.header)) + 1)]) }
      : given,
  "a zero before the time": inTime((value) => `0${value}`),
  "a letter behind the time": inTime((value) => `${value}x`),
  "no time": inTime(() => ""),
  "as late as may be": (given, { toleranceMs = 300 * SECOND }) => ({ ...given, now: given.now + toleranceMs }),
  "a second too late": (given, { toleranceMs = 300 * SECOND }) => ({ ...given, now: given.now + toleranceMs + SECOND }),
  "a day late": (given) => ({ ...given, now: given.now + 86_400 * SECOND }),
  "as early as may be": (given, { toleranceMs = 300 * SECOND }) => ({ ...given, now: given.now - toleranceMs }),
  "a day early": (given) => ({ ...given, now: given.now - 86_400 * SECOND }),
} as const satisfies Record<string, Change>;

export type Mutation = keyof typeof CHANGES;
export const MUTATIONS = Object.keys(CHANGES) as Mutation[];

export function mutate(mutation: Mutation, given: Case, oracle: Oracle, random: SeededRandom): Case {
  return CHANGES[mutation](given, oracle, random);
}

function inBody(change: (text: string, random: SeededRandom) => string): Change {
  return (given, _, random) => ({
    ...given,
    request: { ...given.request, body: Buffer.from(change(Buffer.from(given.request.body).toString(), random)) },
  });
}

function inSignature(change: (value: string, random: SeededRandom, oracle: Oracle) => string): Change {
  return (given, oracle, random) => ({
    ...given,
    request: withHeaders(given.request, [oracle.header, change(headerOf(given.request, oracle.header), random, oracle)]),
  });
}

/** In its own header, or beside the signature as Stripe has it. */
function inTime(change: (value: string) => string): Change {
  return (given, { time, header }) => {
    if (time) return { ...given, request: withHeaders(given.request, [time.header, change(headerOf(given.request, time.header))]) };
    const value = headerOf(given.request, header).replace(/^t=([^,]*)/, (_, written: string) => `t=${change(written)}`);
    return { ...given, request: withHeaders(given.request, [header, value]) };
  };
}
