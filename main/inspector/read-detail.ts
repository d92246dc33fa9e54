import { accept, type Result } from "../contract/errors.ts";
import type { EventDetail } from "../contract/event.ts";
import { detectEvent } from "../hub/detect-event.ts";
import type { Hub } from "../hub/hub.ts";

/** One event, and of a webhook what the hub knows beside the log. */
export async function readDetail({ log, sources, providers }: Hub, id: string): Promise<Result<EventDetail>> {
  const found = await log.get(id);
  if (!found.ok || found.value.protocol !== "webhook" || found.value.direction === "out") return found;
  const event = found.value;
  const source = event.source === null ? null : sources.find(event.source);
  const known = source && providers.find(source);

  const detected = event.verdict === "not-configured" ? await detectEvent({ log, providers }, event) : null;
  const likely = detected && providers.find({ provider: detected.id, scheme: null });
  const budgetMs = (known ?? likely)?.budgetMs ?? null;
  return accept({ ...event, webhook: { detected, ackMs: sources.ackTimes.ofEvent(event.seq), budgetMs } });
}
