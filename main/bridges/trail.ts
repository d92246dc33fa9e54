import { MAX_HOPS } from "../contract/bridge.ts";
import type { HubEvent } from "../hub/ports.ts";

/** The attribute, and MQTT 5 user property, that says over which bridge an event came into this hub … */
export const CAME_BY = "signalbox-bridge";
/** … over how many it has come in all, … */
export const HOPS = "signalbox-hops";
/** … and from which logs. */
export const VIA = "signalbox-via";

/** May the event go to the bridge's upstream? Never one that came from there. */
export function mayLeave(event: HubEvent, bridge: string): boolean {
  return event.hops < MAX_HOPS && !(event.attributes ?? []).some(([name, value]) => name === CAME_BY && value === bridge);
}
