import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";

/** One protocol's adapter. What it may ask of the hub is GatewayHub (hub/ports.ts). */
export interface Gateway {
  readonly name: string;
  start(): Promise<void>;
  /** Takes no new work, lets work in hand finish, and frees what it holds. */
  stop(): Promise<void>;
}

/** An address that is listened on. */
export interface OpenListener {
  /** How this machine reaches it. */
  readonly url: string;
  /** Open now. */
  connections(): number;
  /** Frees the address at once; resolves when every peer that came by it has been told and is gone. */
  close(): Promise<void>;
}

/** A connection that began as HTTP and goes on in another protocol (RFC 9110 §7.8). */
export interface HttpUpgrade {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  /** What was read beyond the request. */
  readonly head: Buffer;
  readonly remoteAddress: string;
}

export interface UpgradeGateway extends Gateway {
  /** Is this one for this gateway? Decided by path and headers alone. */
  takesUpgrade(request: IncomingMessage): boolean;
  /** The socket is the gateway's from here on, to answer or to refuse. */
  upgrade(upgrade: HttpUpgrade): void;
}
