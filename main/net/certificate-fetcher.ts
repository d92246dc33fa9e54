import { X509Certificate } from "node:crypto";
import type { Clock } from "../platform/clock.ts";

export interface CertificateFetcher {
  /** PEM, or null when it cannot be had now. Ask only for URLs that are pinned to a provider's own host. */
  fetch(url: string): Promise<string | null>;
}

interface Options {
  readonly clock: Clock;
  /** Says why a certificate could not be had. */
  readonly onFailure: (url: string, reason: string) => void;
  /** By HTTPS; fetchPublic, or what a test gives. */
  readonly get: (url: string, init: { readonly redirect: "error"; readonly signal: AbortSignal }) => Promise<Response>;
}

interface Kept {
  readonly pem: Promise<string | null>;
  until: number;
  failed: boolean;
}

const TIMEOUT_MS = 5000;
const MAX_BYTES = 64 * 1024;
/** Providers change them about once a year. */
const KEPT_MS = 24 * 3_600_000;
/** A provider that is down, or a certificate that is not there, is not asked for with every request. */
const FAILURE_KEPT_MS = 60_000;
const MAX_KEPT = 64;
/** A forger who names ever other certificates must not make the hub ask without end. */
const MAX_ASKED = 30;
const ASKED_WITHIN_MS = 60_000;

/** Has certificates by HTTPS and keeps them. One URL is asked for once at a time, whoever waits for it. */
export function createCertificateFetcher({ clock, onFailure, get }: Options): CertificateFetcher {
  const kept = new Map<string, Kept>();
  const asked: number[] = [];
  const keepFor = (entry: Kept, pem: string | null): string | null => {
    entry.failed = pem === null;
    entry.until = clock.monotonic() + (entry.failed ? FAILURE_KEPT_MS : KEPT_MS);
    return pem;
  };
  const load = async (url: string): Promise<string | null> => {
    try {
      const response = await get(url, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (response.status !== 200) throw new Error(`it was answered ${response.status}`);
      const pem = await readBounded(response);
      return new X509Certificate(pem).toString() && pem;
    } catch (error) {
      onFailure(url, error instanceof Error ? error.message : String(error));
      return null;
    }
  };
  return {
    fetch(url) {
      const known = kept.get(url);
      if (known && known.until > clock.monotonic()) return known.pem;
      kept.delete(url);
      const now = clock.monotonic();
      while (asked.length > 0 && asked[0]! <= now - ASKED_WITHIN_MS) asked.shift();
      if (asked.length >= MAX_ASKED) return Promise.resolve(null);
      asked.push(now);
      if (kept.size >= MAX_KEPT) kept.delete(leastUseful(kept));
      const entry: Kept = { pem: load(url).then((pem) => keepFor(entry, pem)), until: Number.POSITIVE_INFINITY, failed: false };
      kept.set(url, entry);
      return entry.pem;
    },
  };
}

/** One that could not be had, else the oldest. */
function leastUseful(kept: ReadonlyMap<string, Kept>): string {
  for (const [url, { failed }] of kept) if (failed) return url;
  return kept.keys().next().value!;
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MAX_BYTES) throw new Error(`it is longer than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
