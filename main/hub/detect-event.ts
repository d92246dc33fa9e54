import type { EventSummary } from "../contract/event.ts";
import type { DetectedProvider } from "../contract/source.ts";
import type { EventLog } from "./ports.ts";
import type { ProviderDirectory } from "./source-ports.ts";

/** How much of a body is looked at to tell whose it is. */
const LOOK_BYTES = 64 * 1024;

/** Which provider a stored webhook looks like, its headers given with it. */
export async function detectEvent(
  { log, providers }: { readonly log: Pick<EventLog, "body">; readonly providers: ProviderDirectory },
  event: EventSummary,
): Promise<DetectedProvider | null> {
  const body = await log.body(event.id, 0, LOOK_BYTES);
  const bytes = body.ok ? Buffer.from(body.value.base64, "base64") : new Uint8Array();
  return providers.detect({ method: event.method ?? "", url: event.path, headers: event.headers ?? [], body: bytes });
}
