import type { LookupAddress } from "node:dns";
import http from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import { MAX_ANSWER_BYTES, type AttemptCause } from "../contract/delivery.ts";
import type { HeaderList } from "../contract/event.ts";
import type { AttemptEnd } from "../hub/ports.ts";
import type { Clock } from "../platform/clock.ts";
import { parseRetryAfter } from "./retry-after.ts";
import { toSendFault } from "./send-fault.ts";
import type { TargetGuard } from "./target-guard.ts";

const MAX_ANSWER_HEADER_BYTES = 32 * 1024;
/** The status has told all that matters: the rest of an answer is waited for so long only. */
const ANSWER_BODY_MS = 2000;
/** Shorter than the five seconds after which many servers close an idle connection. */
const IDLE_CONNECTION_MS = 4000;
/** How long addresses are taken for resolved: attempts that come at once share one look-up, later ones make their own. */
const RESOLVED_FOR_MS = 1000;
/** Answers by which a target says that it has more than it can take (Standard Webhooks, "Operational considerations"). */
const THROTTLING = new Set([429, 502, 504]);

export interface SendRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly timeoutMs: number;
}

export interface SendOutcome extends AttemptEnd {
  /** What the target asked for; null when it did not. */
  readonly retryAfterMs: number | null;
  /** The target asks for less. */
  readonly throttled: boolean;
}

/** One endpoint's connections. */
export interface Sender {
  /** Posts once; never throws for what the target does. */
  send(request: SendRequest): Promise<SendOutcome>;
  /** Ends requests under way. */
  close(): void;
}

export interface SenderOptions {
  readonly url: URL;
  readonly guard: Pick<TargetGuard, "resolve">;
  readonly concurrency: number;
  readonly clock: Clock;
}

type Failure = { readonly cause: AttemptCause; readonly message: string };

/**
 * Connections go to the addresses that were checked, and to no others: the look-up of the socket is answered with them. When
 * a name resolves to others than before, connections to those of before are not used again.
 */
export function createSender({ url, guard, concurrency, clock }: SenderOptions): Sender {
  const client = url.protocol === "https:" ? https : http;
  let addresses: readonly LookupAddress[] = [];
  let resolved: { readonly at: number; readonly answer: ReturnType<TargetGuard["resolve"]> } | null = null;
  let agent = createAgent();
  const underWay = new Set<http.ClientRequest>();

  function createAgent(): http.Agent {
    return new client.Agent({ keepAlive: true, maxSockets: concurrency, maxFreeSockets: concurrency, timeout: IDLE_CONNECTION_MS });
  }

  function resolve(): ReturnType<TargetGuard["resolve"]> {
    const now = clock.monotonic();
    if (resolved === null || now - resolved.at > RESOLVED_FOR_MS) resolved = { at: now, answer: guard.resolve(url) };
    return resolved.answer;
  }

  /** Null: connections may be made. */
  async function findTarget(): Promise<Failure | null> {
    try {
      const found = await resolve();
      if (!found.ok) return { cause: "target-refused", message: `Nothing was sent: ${found.refusal.message}.` };
      const same =
        addresses.length === found.value.length && found.value.every(({ address }) => addresses.some((one) => one.address === address));
      if (same) return null;
      addresses = found.value;
      // Requests under way go on; `agent.destroy` would end them.
      closeIdle(agent);
      agent = createAgent();
      return null;
    } catch (error) {
      resolved = null;
      return toSendFault(error, url.host);
    }
  }

  const lookup: LookupFunction = (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? "", first?.family ?? 4);
  };

  function exchange({ headers, body: sent }: SendRequest, leftMs: number, startedAt: number): Promise<SendOutcome> {
    return new Promise((settle) => {
      const request = client.request(url, { method: "POST", agent, headers, lookup, maxHeaderSize: MAX_ANSWER_HEADER_BYTES });
      underWay.add(request);
      let answer: http.IncomingMessage | null = null;
      const chunks: Buffer[] = [];
      let bytes = 0;
      let truncated = false;
      let cancel = clock.after(leftMs, () =>
        finish({ cause: "timeout", message: `${url.host} did not answer within ${(leftMs / 1000).toFixed(1)} s.` }),
      );

      function finish(failure: Failure | null, ended = false): void {
        if (!underWay.delete(request)) return;
        cancel();
        if (!ended) request.destroy(); // Otherwise its connection is used again.
        const body = Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES);
        settle(toOutcome({ answer, failure, body, truncated, tookMs: clock.monotonic() - startedAt, now: clock.now(), host: url.host }));
      }

      request.on("response", (response) => {
        answer = response;
        cancel();
        cancel = clock.after(ANSWER_BODY_MS, () => {
          truncated = true;
          finish(null);
        });
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.length;
          if (bytes <= MAX_ANSWER_BYTES) return;
          truncated = true;
          finish(null);
        });
        response.on("end", () => finish(null, true));
        response.on("error", () => {
          truncated = true;
          finish(null);
        });
      });
      request.on("error", (error: NodeJS.ErrnoException) => {
        if (answer !== null) return finish(null);
        const left = leftMs - (clock.monotonic() - startedAt);
        const stale = request.reusedSocket && (error.code === "ECONNRESET" || error.code === "EPIPE");
        if (!stale || left <= 0 || !underWay.has(request)) return finish(toSendFault(error, url.host));
        // The target closed an idle connection at the moment it was used: that is no answer of its own.
        underWay.delete(request);
        cancel();
        closeIdle(agent);
        settle(exchange({ headers, body: sent, timeoutMs: left }, left, startedAt));
      });
      request.end(sent);
    });
  }

  return {
    async send(request) {
      const startedAt = clock.monotonic();
      const fault = await within(clock, request.timeoutMs, findTarget(), () => ({
        cause: "unresolved" as const,
        message: `The name ${url.hostname} could not be resolved in time.`,
      }));
      if (fault === null) return exchange(request, Math.max(1, request.timeoutMs - (clock.monotonic() - startedAt)), startedAt);
      const tookMs = clock.monotonic() - startedAt;
      return toOutcome({ answer: null, failure: fault, body: Buffer.alloc(0), truncated: false, tookMs, now: clock.now(), host: url.host });
    },
    close() {
      for (const request of underWay) request.destroy(new Error("the hub is stopping"));
      agent.destroy();
    },
  };
}

function closeIdle(agent: http.Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
}

function within<T>(clock: Clock, ms: number, work: Promise<T>, otherwise: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(otherwise()));
    work.then(resolve, reject).finally(cancel);
  });
}

interface Heard {
  readonly answer: http.IncomingMessage | null;
  readonly failure: Failure | null;
  readonly body: Buffer;
  readonly truncated: boolean;
  readonly tookMs: number;
  readonly now: number;
  readonly host: string;
}

function toOutcome({ answer, failure, body, truncated, tookMs, now, host }: Heard): SendOutcome {
  const status = answer?.statusCode ?? null;
  const fault = failure ?? (status === null ? null : statusFault(status, answer?.headers.location, host));
  const retryAfterMs = fault === null ? null : parseRetryAfter(answer?.headers["retry-after"], now);
  return {
    tookMs,
    status,
    cause: fault?.cause ?? null,
    message: fault?.message ?? null,
    headers: toHeaderList(answer?.rawHeaders ?? []),
    body,
    truncated,
    retryAfterMs,
    throttled: status !== null && (THROTTLING.has(status) || (status === 503 && retryAfterMs !== null)),
  };
}

function statusFault(status: number, location: string | undefined, host: string): Failure | null {
  if (status >= 200 && status < 300) return null;
  if (status === 410) return { cause: "gone", message: `${host} answered 410: it wants no more deliveries.` };
  if (status < 300 || status >= 400)
    return { cause: "status", message: `${host} answered ${status}; a delivery succeeds with a status from 200 to 299.` };
  const where = location === undefined ? "" : ` to ${location.slice(0, 200)}`;
  return {
    cause: "redirect",
    message: `${host} answered ${status}${where}. Redirects are not followed: give the endpoint the address itself.`,
  };
}

function toHeaderList(raw: readonly string[]): HeaderList {
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([raw[at]!, raw[at + 1]!]);
  return list;
}
