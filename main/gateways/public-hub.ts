import type { GatewayHub } from "../hub/ports.ts";
import { NOT_PUBLIC } from "./tunnel-app.ts";
import type { TunnelSide } from "./tunnel-side.ts";

/** The hub as a tunnel's listener may see it: sources that are not public are not there, and none is made on first use. */
export function createPublicHub(
  hub: GatewayHub,
  isPublic: (source: string) => boolean,
  tunnel: Pick<TunnelSide, "noteTurnedAway">,
): GatewayHub {
  return {
    ...hub,
    source(name) {
      if (isPublic(name)) return hub.source(name);
      tunnel.noteTurnedAway();
      return NOT_PUBLIC;
    },
  };
}
