import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { test, type TestContext } from "node:test";
import { refuse, type ErrorCode } from "../../main/contract/errors.ts";
import type { Hub } from "../../main/hub/hub.ts";
import { eventually } from "../support/eventually.ts";
import type { MemoryLog } from "../support/memory-log.ts";

/** A gateway at work over a log in memory, as the exam meets it. */
export interface Examinee {
  readonly hub: Hub;
  readonly log: MemoryLog;
  readonly port: number;
  /** Sends one event as a peer of this protocol would; resolves with what the peer is told: null when acknowledged. */
  readonly send: (payload: Uint8Array) => Promise<ErrorCode | null>;
  readonly stop: () => Promise<void>;
}

export type StartExaminee = (t: TestContext, options: { readonly maxBodyBytes: number }) => Promise<Examinee>;

const LIMIT = 200_000;

/** What is asked of every way in, whatever its protocol. */
export function examineInbound(name: string, start: StartExaminee): void {
  test(`${name}: bytes arrive as they were sent, whatever they are`, async (t) => {
    const { send, log } = await start(t, { maxBodyBytes: LIMIT });
    const payloads = [Buffer.alloc(0), Buffer.from("text"), Buffer.from([0, 255, 10, 13]), randomBytes(LIMIT)];
    for (const payload of payloads) {
      assert.equal(await send(payload), null);
      assert.ok(payload.equals(log.events.at(-1)!.body));
      assert.equal(log.events.at(-1)?.state, "accepted");
    }
  });

  test(`${name}: a peer hears nothing before the commit`, async (t) => {
    const { send, log } = await start(t, { maxBodyBytes: LIMIT });
    log.hold();
    let told = false;
    const sent = send(Buffer.from("x")).then((code) => {
      told = true;
      return code;
    });
    await eventually("the event waits for its commit", () => log.waiting() === 1);
    assert.equal(told, false);
    log.release();
    assert.equal(await sent, null);
  });

  test(`${name}: what is too large is refused, and never published`, async (t) => {
    const { send, log, hub } = await start(t, { maxBodyBytes: LIMIT });
    const published: number[] = [];
    assert.ok(hub.subscribe("#", (event) => published.push(event.seq)).ok);
    assert.equal(await send(Buffer.alloc(LIMIT + 1)), "BODY_TOO_LARGE");
    assert.equal(await send(Buffer.from("x")), null, "the next one is taken");
    await eventually("the good one is published", () => published.length > 0);
    assert.equal(log.events.filter((event) => event.state === "accepted").length, 1);
    assert.equal(published.length, 1);
  });

  test(`${name}: a refusal of the log reaches the peer under its own code, and passes`, async (t) => {
    const { send, log } = await start(t, { maxBodyBytes: LIMIT });
    for (const code of ["STORE_FULL", "STORE_FAILED", "HUB_BUSY"] as const) {
      log.refuseWith(refuse(code, "The log says no.").refusal);
      assert.equal(await send(Buffer.from("x")), code);
    }
    log.refuseWith(null);
    assert.equal(await send(Buffer.from("x")), null);
  });

  test(`${name}: a stop frees the port`, async (t) => {
    const { send, stop, port } = await start(t, { maxBodyBytes: LIMIT });
    await send(Buffer.from("x"));
    await stop();
    const server = createServer().listen(port, "127.0.0.1");
    t.after(() => server.close());
    await once(server, "listening");
  });
}
