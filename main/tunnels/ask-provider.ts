import type { Clock } from "../platform/clock.ts";
import { TunnelFault, type OpenContext, type OpenTunnel, type ProviderSettings, type TunnelProvider } from "./tunnel.ts";

const OPEN_WITHIN_MS = 60_000;

export interface AskProviderOptions extends Omit<OpenContext, "signal"> {
  readonly clock: Clock;
  /** Aborted when the tunnel is to be closed. */
  readonly stopping: AbortSignal;
}

/** Opens a tunnel, within a minute. Throws a TunnelFault, whatever goes wrong. */
export async function askProvider(
  provider: TunnelProvider,
  settings: ProviderSettings,
  { clock, stopping, ...context }: AskProviderOptions,
): Promise<OpenTunnel> {
  const opening = new AbortController();
  const giveUp = (): void => opening.abort();
  const cancel = clock.after(OPEN_WITHIN_MS, giveUp);
  if (stopping.aborted) giveUp();
  stopping.addEventListener("abort", giveUp);
  try {
    return await provider.open(settings, { ...context, signal: opening.signal });
  } catch (error) {
    if (error instanceof TunnelFault) throw error;
    if (stopping.aborted) throw new TunnelFault("It was closed before it was open.");
    if (opening.signal.aborted) throw new TunnelFault(`It was not opened within ${OPEN_WITHIN_MS / 1000} s.`);
    context.logger.error("A tunnel's provider failed in a way nobody expected.", { provider: provider.id, error });
    throw new TunnelFault(`It failed: ${(error as Error).message}.`);
  } finally {
    cancel();
    stopping.removeEventListener("abort", giveUp);
  }
}
