import type { TunnelSide } from "../gateways/tunnel-side.ts";

export interface TunnelListener {
  readonly url: string;
  /** Frees the port; resolves when what was in hand is done. */
  close(): Promise<void>;
}

/** Opens a tunnel's own listener on 127.0.0.1. Throws a RefusalError: PORT_BUSY, LISTEN_REFUSED. */
export type OpenTunnelListener = (side: TunnelSide, port: number) => Promise<TunnelListener>;
