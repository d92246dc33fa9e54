import { createHash, randomBytes } from "node:crypto";

const LIFETIME_MS = 10 * 60 * 1000;
/** The oldest go when more are asked for. */
const MAX_OPEN = 32;

/** One-time tokens for login links. Only their digests are kept. */
export interface LoginTokens {
  create(): string;
  /** True once for each that was created less than ten minutes ago. */
  redeem(token: string): boolean;
  /** Has it the shape of one, used or not? */
  looksLikeOne(token: string): boolean;
}

export function createLoginTokens(now: () => number): LoginTokens {
  const open = new Map<string, number>();
  return {
    create() {
      const token = `l1.${randomBytes(24).toString("base64url")}`;
      open.set(digest(token), now() + LIFETIME_MS);
      for (const oldest of open.keys()) {
        if (open.size <= MAX_OPEN) break;
        open.delete(oldest);
      }
      return token;
    },
    redeem(token) {
      const key = digest(token);
      const expiresAt = open.get(key);
      open.delete(key);
      return expiresAt !== undefined && expiresAt > now();
    },
    looksLikeOne: (token) => /^l1\.[\w-]{32}$/.test(token),
  };
}

/** Looking a digest up tells nothing of how much of a token was right. */
function digest(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
