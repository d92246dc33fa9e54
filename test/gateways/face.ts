import type { TestContext } from "node:test";
import type { TestIngress } from "../support/test-ingress.ts";

/** An event as it came out of a gateway. */
export interface Received {
  readonly topic: string;
  readonly body: Buffer;
  /** Null where the protocol does not say. */
  readonly seq: number | null;
}

export type Sent = { readonly ok: true } | { readonly ok: false; readonly code: string | number };

export interface Publisher {
  /** Resolves when the gateway has said that the event is stored, or that it is not. */
  publish(topic: string, body: Buffer, options?: { readonly retain?: boolean }): Promise<Sent>;
}

export interface Reader {
  next(): Promise<Received>;
  /** As a peer that goes away without a word. */
  drop(): void;
}

/** How a test talks with a gateway: what every protocol can do, in the same words. A real client of the protocol behind each. */
export interface Face {
  readonly name: string;
  /** Where it is; the ingress unless said. */
  readonly urlOf?: (ingress: TestIngress) => string;
  /** As the events it makes are labelled. */
  readonly protocol: string;
  /** `topic`: of all that will be published, where the protocol wants to know. */
  readonly openPublisher: ((t: TestContext, url: string, topic: string) => Promise<Publisher>) | null;
  /** Resolves when it is subscribed. `after`: a seq; left out, from now on. */
  readonly openReader: ((t: TestContext, url: string, filter: string, after?: number) => Promise<Reader>) | null;
  /** Readers go on after a seq; others by other means, which have tests of their own. */
  readonly resumesBySeq: boolean;
  /** Subscribes, and reads nothing. Null where a peer asks for each answer, and so cannot be sent too much. */
  readonly openFrozen: ((t: TestContext, url: string, filter: string) => Promise<void>) | null;
  /** The status a connection from a foreign web page is refused with; null where there are no web pages. */
  readonly foreignStatus: ((url: string) => Promise<number>) | null;
  /** Filters with wildcards can be subscribed to. */
  readonly wildcards: boolean;
}

/** Hands out in order what comes, whoever is first. */
export function createMailbox<T>(): { put(item: T): void; next(): Promise<T>; waiting(): number } {
  const items: T[] = [];
  const asked: ((item: T) => void)[] = [];
  return {
    put(item) {
      const ask = asked.shift();
      if (ask) ask(item);
      else items.push(item);
    },
    next: () => (items.length > 0 ? Promise.resolve(items.shift()!) : new Promise((resolve) => asked.push(resolve))),
    waiting: () => items.length,
  };
}
