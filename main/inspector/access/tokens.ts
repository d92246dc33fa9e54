import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const SESSION_MS = 30 * 24 * 3600 * 1000;

export interface SessionToken {
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/**
 * The inspector's tokens. The master token opens everything. A session token is what a browser is given instead: its id
 * and end under an HMAC with the master token. It needs no memory, so it survives a restart, and it dies with the master.
 */
export interface Tokens {
  /** Is it the master token, or a session token that has not expired? */
  readonly accepts: (token: string) => boolean;
  isMaster(token: string): boolean;
  issueSession(): SessionToken;
}

export function createTokens(master: string, now: () => number): Tokens {
  const masterDigest = sha256(master);
  const sign = (head: string): string => createHmac("sha256", master).update(`signalbox inspector session ${head}`).digest("base64url");
  const isMaster = (token: string): boolean => timingSafeEqual(sha256(token), masterDigest);

  const isSession = (token: string): boolean => {
    const match = /^(s1\.[\w-]{22}\.(\d{1,15}))\.([\w-]{43})$/.exec(token);
    if (!match) return false;
    const [, head = "", expiresAt, mac = ""] = match;
    return timingSafeEqual(sha256(mac), sha256(sign(head))) && Number(expiresAt) > now();
  };

  return {
    isMaster,
    accepts: (token) => isMaster(token) || isSession(token),
    issueSession() {
      const expiresAt = now() + SESSION_MS;
      const head = `s1.${randomBytes(16).toString("base64url")}.${expiresAt}`;
      return { token: `${head}.${sign(head)}`, expiresAt };
    },
  };
}

/** Digests have one length, so that comparing them tells nothing of a token's, and neither of where they differ. */
function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
