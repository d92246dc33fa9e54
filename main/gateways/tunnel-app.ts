import type { RequestListener } from "node:http";
import { refuse } from "../contract/errors.ts";
import { toHttpAnswer } from "./http-answer.ts";
import type { TunnelSide } from "./tunnel-side.ts";

/** The same for everything that a tunnel does not carry: who tries addresses learns nothing of what is behind it. */
export const NOT_PUBLIC = refuse("NOT_FOUND", "There is nothing at this address.");

/** What a tunnel's listener answers where no gateway of its own stands. */
export function createTunnelApp(tunnel: Pick<TunnelSide, "noteTurnedAway">): RequestListener {
  return (request, response) => {
    tunnel.noteTurnedAway();
    const { status, headers, body } = toHttpAnswer(NOT_PUBLIC.refusal);
    // What of a body is still coming is not waited for.
    response.writeHead(status, request.complete ? headers : [...headers, "Connection", "close"]);
    response.end(body);
  };
}
