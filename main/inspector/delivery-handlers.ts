import type { CallName, CallParams, CallResult } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { Hub } from "../hub/hub.ts";

type DeliveryCall = Extract<CallName, `endpoints.${string}` | `deliveries.${string}`>;
type DeliveryHandlers = { readonly [N in DeliveryCall]: (params: CallParams<N>) => Promise<Result<CallResult<N>>> };

/** The calls of endpoints and deliveries. */
export function createDeliveryHandlers(hub: Hub): DeliveryHandlers {
  return {
    "endpoints.list": async () => accept({ endpoints: hub.deliveries.endpoints() }),
    "endpoints.get": async ({ name }) => {
      const endpoint = hub.deliveries.endpoints().find((one) => one.name === name);
      return endpoint ? accept(endpoint) : refuse("ENDPOINT_NOT_FOUND", `There is no endpoint "${name}".`, { name });
    },
    "endpoints.save": (change) => hub.deliveries.save(change),
    "endpoints.remove": async ({ name }) => {
      const removed = await hub.deliveries.remove(name);
      return removed.ok ? accept({}) : removed;
    },
    "endpoints.rotateSecret": (rotation) => hub.deliveries.rotateSecret(rotation),
    "endpoints.test": ({ name }) => hub.deliveries.test(name),
    "deliveries.list": (query) => hub.deliveries.list(query),
    "deliveries.get": ({ id }) => hub.deliveries.get(id),
    "deliveries.redeliver": (wanted) => hub.deliveries.redeliver(wanted),
  };
}
