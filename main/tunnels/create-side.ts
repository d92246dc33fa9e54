import { isIP } from "node:net";
import type { TunnelSide } from "../gateways/tunnel-side.ts";
import { dialledUrl, isSameAuthority, type PublicSide } from "./dialled-url.ts";
import type { SelfTest } from "./self-test.ts";
import type { OpenContext } from "./tunnel.ts";

export interface OpenSide extends PublicSide {
  readonly senderHeader: string | null;
}

export interface CreateSideOptions extends Pick<TunnelSide, "peerName" | "ways"> {
  readonly selfTest: SelfTest;
  /** What is open now, or was last; null before that. */
  readonly known: () => OpenSide | null;
}

/** How the tunnel answers its own listener, with what it has counted. */
export interface CountingSide extends TunnelSide {
  readonly counts: { readonly requests: number; readonly turnedAway: number };
  readonly noteSender: OpenContext["noteSender"];
}

export function createSide({ peerName, ways, selfTest, known }: CreateSideOptions): CountingSide {
  const counts = { requests: 0, turnedAway: 0 };
  const senders = new Map<number, string>();
  return {
    peerName,
    ways,
    counts,
    noteSender(fromPort, address) {
      if (address === null) senders.delete(fromPort);
      else senders.set(fromPort, address);
    },
    publicUrl({ head, path }) {
      const side = known();
      return side ? dialledUrl(side, head.host, path) : `http://${head.host ?? "localhost"}${path}`;
    },
    isOwnHost(authority) {
      const side = known();
      return side !== null && isSameAuthority(authority, side.publicUrl);
    },
    senderOf({ socket, headers }) {
      const header = known()?.senderHeader ?? null;
      // Of several the provider wrote the last: those before it are the sender's word.
      const said = header === null ? undefined : [headers[header]].flat().at(-1)?.split(",").at(-1)?.trim();
      const address = senders.get(socket.remotePort ?? 0) ?? said ?? "";
      return isIP(address) === 0 ? null : address;
    },
    takes(exchange) {
      if (selfTest.handle(exchange)) return true;
      counts.requests += 1;
      return false;
    },
    noteTurnedAway() {
      counts.turnedAway += 1;
    },
  };
}
