import type { ErrorCode } from "../../main/contract/errors.ts";
import { startTestIngress } from "../support/test-ingress.ts";
import { examineInbound } from "./conformance.ts";

examineInbound("webhook", async (t, { maxBodyBytes }) => {
  const { hub, log, port, stop } = await startTestIngress(t, { maxBodyBytes });
  return {
    hub,
    log,
    port,
    stop,
    async send(payload) {
      const answer = await fetch(`http://127.0.0.1:${port}/in/exam`, { method: "POST", body: Buffer.from(payload) });
      const content = (await answer.json()) as { error?: { code: ErrorCode } };
      return content.error?.code ?? null;
    },
  };
});
