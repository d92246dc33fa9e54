import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeFrame } from "../../main/contract/codec.ts";
import { ERRORS, type ErrorCode } from "../../main/contract/errors.ts";
import { createConnection, type ConnectionState } from "../../renderer/link/connection.ts";
import { eventually } from "../support/eventually.ts";
import { createLinkPair } from "../support/link-pair.ts";

/** How a connection stands after a hub has said goodbye with this code, and whether it would come again by itself. */
async function afterGoodbye(code: ErrorCode): Promise<ConnectionState> {
  const connection = createConnection({
    openLink: async () => {
      const [near, far] = createLinkPair();
      far.onMessage(() => far.send(encodeFrame({ t: "goodbye", error: { code, message: "No." } })));
      return near;
    },
    token: () => "token",
  });
  connection.start();
  const state = await eventually("it is over", () => {
    const now = connection.state.get();
    return now.state !== "connecting" && now;
  });
  connection.stop();
  return state;
}

test("what only a person can mend is not tried again: a wrong token, a foreign origin, a hub of another version", async () => {
  for (const code of ["TOKEN_REQUIRED", "TOKEN_INVALID", "ORIGIN_REFUSED", "VERSION_UNKNOWN"] as const) {
    const state = await afterGoodbye(code);
    assert.equal(state.state, "refused", code);
    assert.equal(ERRORS[code].retryable, false);
  }
});

test("what passes by itself is tried again", async () => {
  for (const code of ["HUB_STOPPING", "TOO_MANY_CONNECTIONS"] as const) assert.equal((await afterGoodbye(code)).state, "lost", code);
});
