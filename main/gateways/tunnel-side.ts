import type { IncomingMessage } from "node:http";
import type { TunnelWay } from "../contract/tunnel.ts";
import type { HttpExchange } from "./http-exchange.ts";

/** What a tunnel's own listener asks of the tunnel. */
export interface TunnelSide {
  /** Stands for the address of every peer: none of them is on this machine, though the tunnel's end is. */
  readonly peerName: string;
  /** What it carries beside webhooks. */
  readonly ways: readonly TunnelWay[];
  /** The URL that the sender of a request dialled. */
  publicUrl(exchange: Pick<HttpExchange, "head" | "path">): string;
  /** Is this authority, of a Host or an Origin, the tunnel's public one? */
  isOwnHost(authority: string): boolean;
  /** Who sent it, as far as the provider says; null where it does not. Only to be shown: it may be wrong. */
  senderOf(request: IncomingMessage): string | null;
  /** Asked of each request before anything else: true when it was the tunnel's own affair, and has been answered. */
  takes(exchange: HttpExchange): boolean;
  /** A request was turned away: what it asks for is not public, or not there. */
  noteTurnedAway(): void;
}
