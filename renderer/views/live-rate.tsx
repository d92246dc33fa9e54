import { useApp, useReadable } from "../components/app-context.tsx";
import { toShortCount } from "../format/quantity.ts";

/** How many events the hub takes per second right now; nothing while it takes none. */
export function LiveRate() {
  const { connection, hub } = useApp();
  const status = useReadable(hub.status);
  const { state } = useReadable(connection.state);
  const rate = status ? status.rate.accepted + status.rate.refused : 0;
  if (state !== "open" || rate === 0) return null;
  return <span className="nav-item__figure">{toShortCount(rate)}/s</span>;
}
