import { Router } from "express";
import type { ErrorCode } from "../../contract/errors.ts";
import type { LogStatus } from "../../contract/status.ts";
import type { Hub } from "../../hub/hub.ts";
import type { Metrics } from "../metrics.ts";
import { allowOnly } from "./allow-only.ts";
import { bearerFault } from "./bearer.ts";
import { isLocal } from "./guard.ts";
import { sendRefusal } from "./send-refusal.ts";

const NOT_READY = {
  opening: "STORE_FAILED",
  full: "STORE_FULL",
  failed: "STORE_FAILED",
  damaged: "STORE_DAMAGED",
  closed: "HUB_STOPPING",
} as const satisfies Record<Exclude<LogStatus["state"], "open">, ErrorCode>;

/** How monitors see the hub: `/healthz` the process, `/readyz` whether events can be stored, `/metrics` its figures. */
export function createHealth(hub: Hub, metrics: Metrics, accepts: (token: string) => boolean): Router {
  const router = Router();
  router.get("/healthz", (_request, response) => {
    response.set("Cache-Control", "no-store").json({ status: "ok" });
  });
  router.get("/readyz", (_request, response) => {
    const { state, reason } = hub.log.status();
    response.set("Cache-Control", "no-store");
    if (state === "open") response.json({ status: "ready" });
    else {
      const error = { code: NOT_READY[state], message: reason ?? `The log is ${state}.`, details: {} };
      response.status(503).set("Retry-After", "1").json({ status: state, reason, error });
    }
  });
  // Figures give no content away, but to others on the network they would still say what is used here and how much.
  router.get("/metrics", async (request, response) => {
    const refused = isLocal(request) ? null : bearerFault(request, accepts);
    if (refused) return sendRefusal(response, refused);
    const text = await metrics.read();
    response.set("Cache-Control", "no-store").set("Content-Type", metrics.contentType).send(text);
  });
  router.all(["/healthz", "/readyz", "/metrics"], allowOnly(["GET", "HEAD"]));
  return router;
}
