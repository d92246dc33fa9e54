/**
 * May the token of a handshake be signed with the key that also signs webhooks? Only what no webhook's signed content looks
 * like: `v0:<time>:<body>` has colons, a JSON body has braces and quotes, a token has neither.
 */
export function isTokenSafeToSign(token: string): boolean {
  return /^[A-Za-z0-9_.~=+/-]{1,256}$/.test(token);
}
