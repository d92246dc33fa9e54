/** What webhooks need of the world outside: each is asked only for addresses pinned to a provider's own host. */
export interface WebhookOutside {
  /** A certificate, PEM; null when it cannot be had now. */
  fetchCertificate(url: string): Promise<string | null>;
  /** Whether it was answered with a 2xx. */
  visit(url: string): Promise<boolean>;
}

/** Nothing can be reached. */
export const NOTHING_OUTSIDE: WebhookOutside = {
  fetchCertificate: () => Promise.resolve(null),
  visit: () => Promise.resolve(false),
};

/** Bodies that wait for certificates, together. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/** The same, where only so many bytes may wait for a certificate: one that would be too much is judged without. */
export function boundWaiting(outside: WebhookOutside): (bytes: number) => WebhookOutside["fetchCertificate"] {
  let waiting = 0;
  return (bytes) => async (url) => {
    if (waiting + bytes > MAX_WAITING_BYTES) return null;
    waiting += bytes;
    try {
      return await outside.fetchCertificate(url);
    } finally {
      waiting -= bytes;
    }
  };
}
