import type { Clock } from "../platform/clock.ts";
import { toRequestHeaders, type DeliveredEvent } from "./delivery-request.ts";
import type { Endpoint } from "./endpoint.ts";
import { createEndpointHealth, type EndpointHealth } from "./endpoint-health.ts";
import { createSender, type SendOutcome } from "./sender.ts";
import { createSigner } from "./signature.ts";
import type { TargetGuard } from "./target-guard.ts";

/** An endpoint as it is set now: its connections, its keys, and how much it takes. */
export interface Target {
  readonly health: EndpointHealth;
  send(event: DeliveredEvent, attempt: number): Promise<SendOutcome>;
  /** No longer used; what is under way ends by itself. */
  retire(): void;
  /** Ends what is under way. */
  close(): void;
}

export interface TargetOptions {
  readonly guard: TargetGuard;
  readonly clock: Clock;
  readonly random: () => number;
  readonly userAgent: string;
}

export function createTarget({ guard, clock, random, userAgent }: TargetOptions, endpoint: Endpoint): Target {
  const { concurrency, ratePerSecond, headers, timeoutMs } = endpoint;
  const sender = createSender({ url: new URL(endpoint.url), guard, concurrency, clock });
  const signer = createSigner(endpoint.secrets);
  let underWay = 0;
  let retired = false;

  return {
    health: createEndpointHealth({ concurrency, ratePerSecond, now: () => clock.monotonic(), random }),
    async send(event, attempt) {
      underWay += 1;
      try {
        const signed = toRequestHeaders({ event, headers, signer, userAgent, attempt, now: clock.now() });
        return await sender.send({ headers: signed, body: event.body, timeoutMs });
      } finally {
        underWay -= 1;
        if (retired && underWay === 0) sender.close();
      }
    },
    retire() {
      retired = true;
      if (underWay === 0) sender.close();
    },
    close: () => sender.close(),
  };
}
