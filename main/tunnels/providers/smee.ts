import { randomUUID } from "node:crypto";
import { request as httpRequest } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { TunnelHealth } from "../../contract/tunnel.ts";
import type { Logger } from "../../platform/log.ts";
import { toPublicUrl } from "../public-url.ts";
import { readEventStream } from "../smee/read-event-stream.ts";
import { remakeRequest, type RemadeRequest } from "../smee/remake-request.ts";
import { TunnelFault, type OpenContext, type TunnelProvider } from "../tunnel.ts";

/** smee pings every 30 s. */
const SILENT_AFTER_MS = 75_000;
const MAX_EVENT_CHARS = 32 * 1024 * 1024;
const TEST_FIELD = "signalbox-self-test";
/** The sender has had its answer: a hub that is busy or stopping for a moment must not cost it its webhook. */
const TRIES = 5;
const AGENT = { "user-agent": "signalbox" };

/** Follows a channel of smee.io as an event stream, and makes each of its messages a request again. */
export const smee: TunnelProvider = {
  id: "smee",
  senderHeader: "x-forwarded-for",
  async open(settings, context) {
    const channel =
      settings["channel"] === undefined ? await makeChannel(new URL(settings["server"]!), context) : toPublicUrl(settings["channel"]);
    if (channel === null) throw new TunnelFault(`"${settings["channel"]}" is not a channel's URL.`, { needsPerson: true });
    const source = settings["source"]!;
    const stop = new AbortController();
    const signal = AbortSignal.any([context.signal, stop.signal]);
    const body = await follow(channel, signal);
    const tests = new Map<string, () => void>();
    const target = { localPort: context.localPort, source, host: new URL(channel).host };

    const run = async (): Promise<string> => {
      try {
        for await (const { type, data } of readEventStream(watched(body, stop), MAX_EVENT_CHARS)) {
          if (type !== "message") continue;
          const message = parse(data);
          const test = testOf(message);
          if (test !== null) tests.get(test)?.();
          else await hand(remakeRequest(message), target, context.logger, stop.signal);
        }
        return "smee closed the stream.";
      } catch (error) {
        return stop.signal.aborted ? String(stop.signal.reason) : `The stream from smee broke: ${(error as Error).message}.`;
      }
    };
    const ended = run();
    return {
      publicUrl: channel,
      isForeignWord: settings["channel"] === undefined,
      onlySource: source,
      ended,
      test: (testSignal) => testChannel(channel, tests, testSignal),
      async close() {
        stop.abort("It was closed.");
        await ended;
      },
    };
  },
};

/** A new channel; remembered, so that the next connection has the same. */
async function makeChannel(server: URL, context: OpenContext): Promise<string> {
  const response = await fetch(new URL("/new", server), {
    method: "HEAD",
    redirect: "manual",
    signal: context.signal,
    headers: AGENT,
  }).catch(unreachable(server.host));
  const location = response.headers.get("location") ?? "";
  const channel = URL.canParse(location, server.href) ? toPublicUrl(new URL(location, server).href) : null;
  if (channel === null || new URL(channel).host !== server.host)
    throw new TunnelFault(`${server.host} has made no channel: it answered ${response.status}.`);
  context.remember("channel", channel);
  return channel;
}

async function follow(channel: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const headers = { ...AGENT, accept: "text/event-stream" };
  const response = await fetch(channel, { signal, headers }).catch(unreachable(new URL(channel).host));
  if (response.ok && response.body && response.headers.get("content-type")?.startsWith("text/event-stream")) return response.body;
  await response.body?.cancel();
  throw new TunnelFault(`The channel ${channel} gives no stream of events: it answered ${response.status}.`);
}

/** The same bytes; a stream on which nothing comes for too long is given up. */
async function* watched(body: AsyncIterable<Uint8Array>, stop: AbortController): AsyncGenerator<Uint8Array, void, undefined> {
  const silent = setTimeout(() => stop.abort("smee stopped sending."), SILENT_AFTER_MS);
  try {
    for await (const chunk of body) {
      silent.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(silent);
  }
}

interface Target {
  readonly localPort: number;
  readonly source: string;
  readonly host: string;
}

async function hand(remade: RemadeRequest | null, target: Target, logger: Logger, signal: AbortSignal): Promise<void> {
  if (remade === null) return logger.warn("smee sent something that is no webhook; it is passed over.", { source: target.source });
  for (let tries = 1; ; tries += 1) {
    const status = await post(remade, target);
    if (status < 500) return;
    if (tries === TRIES || signal.aborted)
      return logger.error("A webhook from smee could not be stored, and is lost.", { ...target, status });
    await pause(1000 * tries);
  }
}

/** Resolves with the status the tunnel's own listener answers; 599 when there is none. */
function post({ search, headers, body }: RemadeRequest, { localPort, source, host }: Target): Promise<number> {
  return new Promise((resolve) => {
    const length = { host, "content-length": String(Buffer.byteLength(body)) };
    const path = `/in/${encodeURIComponent(source)}${search}`;
    const request = httpRequest({ host: "127.0.0.1", port: localPort, method: "POST", path, headers: { ...headers, ...length } });
    request.once("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 599);
    });
    request.once("error", () => resolve(599));
    request.end(body);
  });
}

/** A message of our own, which comes back on the stream. Answers are smee's own, so nothing can be said of streams. */
async function testChannel(channel: string, tests: Map<string, () => void>, signal: AbortSignal): Promise<TunnelHealth> {
  const nonce = randomUUID();
  const startedAt = performance.now();
  const arrived = new Promise<number>((resolve, reject) => {
    tests.set(nonce, () => resolve(performance.now() - startedAt));
    signal.addEventListener("abort", () => reject(new Error("it did not come back in time")), { once: true });
  });
  const health = { testedAt: Date.now(), stream: "unknown" } as const;
  try {
    const headers = { ...AGENT, "content-type": "application/json" };
    const sent = fetch(channel, { method: "POST", headers, body: JSON.stringify({ [TEST_FIELD]: nonce }), signal, redirect: "error" });
    const [latencyMs] = await Promise.all([arrived, sent.then((response) => response.body?.cancel())]);
    return { ...health, ok: true, latencyMs: Math.round(latencyMs), reason: null };
  } catch (error) {
    return { ...health, ok: false, latencyMs: null, reason: `A message to the channel did not come through: ${(error as Error).message}.` };
  } finally {
    tests.delete(nonce);
  }
}

function testOf(message: unknown): string | null {
  const body = Object(Object(message).body) as Readonly<Record<string, unknown>>;
  const nonce = body[TEST_FIELD];
  return typeof nonce === "string" && Object.keys(body).length === 1 ? nonce : null;
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}

function unreachable(host: string): (error: Error) => never {
  return ({ cause, message }) => {
    throw new TunnelFault(`${host} cannot be reached: ${cause instanceof Error ? cause.message : message}.`);
  };
}
