import { useCallResult } from "../../components/use-call-result.ts";
import { hubAddresses, type HubAddress } from "../../format/pairing.ts";

/** Often enough to see a listener that is being moved meanwhile. */
const REFRESH_MS = 5000;

/** Where devices reach the hub, those addresses first that other machines can dial; null until it is known. */
export function useHubAddresses(): readonly HubAddress[] | null {
  const { value } = useCallResult("listeners.list", {}, REFRESH_MS);
  return value && hubAddresses(value.listeners);
}
