import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { StreamResult, TunnelHealth } from "../contract/tunnel.ts";
import type { Clock } from "../platform/clock.ts";
import { dialPublic, type DialOptions } from "./dial-public.ts";
import { toTestFault } from "./test-fault.ts";

/** On the tunnel's own listener alone; each nonce below it is answered once. */
const PATH = "/.signalbox/self-test/";
/** So long an event stream is held open: what has not come through by then is held back on the way. */
const HOLD_MS = 3000;
const WITHIN_MS = 20_000;
const MAX_ANSWER_BYTES = 4096;

/** A request on the tunnel's listener. */
export interface TestedExchange {
  readonly path: string;
  readonly response: ServerResponse;
  /** `headers` is flat. */
  answer(status: number, headers: string[], body: string): void;
}

export interface TestTarget extends Pick<DialOptions, "publicOnly"> {
  readonly publicUrl: string;
  /** What is known of streams already; null: it is tried. */
  readonly stream: StreamResult | null;
  /** Aborted when the tunnel is closed. */
  readonly signal: AbortSignal;
}

/** The hub calls itself through the tunnel: who knows the nonce and gives the proof is this hub. */
export interface SelfTest {
  /** Answers a request of a test that is running, and says whether this was one. */
  handle(exchange: TestedExchange): boolean;
  run(target: TestTarget): Promise<TunnelHealth>;
}

interface Waiting {
  readonly proof: string;
  /** Given the response that is to be held open; null: it is answered at once. */
  readonly hold: ((response: ServerResponse) => void) | null;
}

export function createSelfTest(clock: Clock, holdMs = HOLD_MS): SelfTest {
  const waiting = new Map<string, Waiting>();

  /** One request with a nonce of its own. `read` has the answer's head; the nonce is good until it is done. */
  const ask = async <T>(
    { publicUrl, publicOnly }: TestTarget,
    method: DialOptions["method"],
    signal: AbortSignal,
    hold: Waiting["hold"],
    read: (answer: IncomingMessage, proof: string) => Promise<T>,
  ): Promise<T> => {
    const nonce = randomUUID();
    const proof = randomUUID();
    waiting.set(nonce, { proof, hold });
    try {
      const answer = await dialPublic(new URL(`${publicUrl}${PATH}${nonce}`), { method, signal, publicOnly });
      try {
        return await read(answer, proof);
      } finally {
        answer.destroy();
      }
    } finally {
      waiting.delete(nonce);
    }
  };

  /** Does an event come through before the stream that carries it ends? */
  const streams = (target: TestTarget, method: DialOptions["method"], signal: AbortSignal): Promise<boolean> => {
    let held: ServerResponse | null = null;
    let isOver = false;
    const finish = (): void => {
      isOver = true;
      cancel();
      held?.end();
    };
    const cancel = clock.after(holdMs, finish);
    const hold = (response: ServerResponse): void => {
      held = response;
      if (isOver) response.end();
    };
    return ask(target, method, signal, hold, async (answer, proof) => {
      const came = await readUntil(answer, proof);
      return came && !isOver;
    }).finally(finish);
  };

  return {
    handle(exchange) {
      const { path, response } = exchange;
      if (!path.startsWith(PATH)) return false;
      const nonce = path.slice(PATH.length);
      const test = waiting.get(nonce);
      if (!test) return false;
      waiting.delete(nonce);
      if (test.hold === null) {
        const length = ["Content-Length", String(test.proof.length)];
        exchange.answer(200, ["Content-Type", "text/plain", "Cache-Control", "no-store", ...length], test.proof);
        return true;
      }
      response.writeHead(200, ["Content-Type", "text/event-stream", "Cache-Control", "no-store", "X-Accel-Buffering", "no"]);
      response.write(`data: ${test.proof}\n\n`);
      test.hold(response);
      return true;
    },
    async run(target) {
      const signal = AbortSignal.any([target.signal, AbortSignal.timeout(WITHIN_MS)]);
      const testedAt = clock.now();
      const startedAt = clock.monotonic();
      try {
        const fault = await ask(target, "GET", signal, null, async (answer, proof) =>
          (await readUntil(answer, proof)) ? null : toTestFault({ status: answer.statusCode ?? 0 }, target.publicUrl),
        );
        if (fault !== null) return { testedAt, ok: false, latencyMs: null, stream: "unknown", reason: fault };
      } catch (error) {
        return {
          testedAt,
          ok: false,
          latencyMs: null,
          stream: "unknown",
          reason: toTestFault({ error: error as Error }, target.publicUrl),
        };
      }
      const latencyMs = Math.max(1, Math.round(clock.monotonic() - startedAt));
      const stream = target.stream ?? (await testStream((method) => streams(target, method, signal)));
      return { testedAt, ok: true, latencyMs, stream, reason: null };
    },
  };
}

async function testStream(streams: (method: "GET" | "POST") => Promise<boolean>): Promise<StreamResult> {
  try {
    if (await streams("GET")) return "streams";
    return (await streams("POST")) ? "post-only" : "buffered";
  } catch {
    return "unknown"; // it broke off on the way; that the tunnel is reached is known already
  }
}

/** Is this text in the beginning of the answer's body? */
async function readUntil(answer: IncomingMessage, text: string): Promise<boolean> {
  let said = "";
  for await (const chunk of answer) {
    said += (chunk as Buffer).toString("latin1");
    if (said.includes(text)) return true;
    if (said.length > MAX_ANSWER_BYTES) return false;
  }
  return false;
}
