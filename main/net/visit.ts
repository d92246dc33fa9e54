import type { Logger } from "../platform/log.ts";

const TIMEOUT_MS = 8000;

/** Visits an address once: a handshake that is sent again has it visited again. True when it was answered with a 2xx. */
export function createVisitor(options: {
  readonly logger: Logger;
  readonly get: (url: string, init: { readonly signal: AbortSignal }) => Promise<Response>;
}): (url: string) => Promise<boolean> {
  const { logger, get } = options;
  return async (url) => {
    const { host } = new URL(url); // the rest of the URL is a token
    try {
      const response = await get(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      await response.body?.cancel();
      if (!response.ok) logger.warn(`A handshake's address at ${host} answered ${response.status}.`);
      return response.ok;
    } catch (error) {
      logger.warn(`A handshake's address at ${host} could not be visited.`, { error });
      return false;
    }
  };
}
