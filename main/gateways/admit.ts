import type { Peer } from "../access/permissions.ts";
import { refuse } from "../contract/errors.ts";
import type { HttpExchange } from "./http-listener.ts";
import { answerPreflight } from "./http-preflight.ts";
import type { IngressGuard } from "./ingress-guard.ts";

export interface Admitted {
  readonly peer: Peer;
  /** For the answer: flat, and empty unless a page may read it. */
  readonly cors: readonly string[];
}

/** What every way begins with that a browser could be sent to: whose page asks, how, and who it is. Null: it has been answered. */
export async function admit(exchange: HttpExchange, guard: IngressGuard, methods: readonly string[]): Promise<Admitted | null> {
  const { request } = exchange;
  const cors = guard.corsHeaders(request);
  const foreign = guard.check(request);
  if (foreign) {
    exchange.refuse(foreign);
    return null;
  }
  if (answerPreflight(exchange, cors, methods)) return null;
  if (!methods.includes(request.method ?? "")) {
    const { refusal } = refuse("METHOD_NOT_ALLOWED", `This address takes ${methods.join(", ")} only.`);
    exchange.refuse(refusal, [...cors, "Allow", [...methods, "OPTIONS"].join(", ")]);
    return null;
  }
  const peer = await guard.authenticate(request, exchange.remoteAddress);
  if (peer.ok) return { peer: peer.value, cors };
  exchange.refuse(peer.refusal, [...cors, "WWW-Authenticate", "Bearer"]);
  return null;
}
