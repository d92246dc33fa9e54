import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from "node:crypto";

/** RFC 7914: 16 MiB and some 40 ms for each guess. */
const LOG2_N = 14;
const R = 8;
const P = 1;
const HASH_BYTES = 32;
const SALT_BYTES = 16;

export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(secret, salt, { N: 2 ** LOG2_N, r: R, p: P });
  return ["scrypt", LOG2_N, R, P, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/** False, too, when `hash` is none. */
export async function verifySecret(secret: string, hash: string): Promise<boolean> {
  const [, log2N, r, p, salt, expected] = /^scrypt\$(\d{1,2})\$(\d{1,2})\$(\d{1,2})\$([\w-]+)\$([\w-]+)$/.exec(hash) ?? [];
  if (expected === undefined || Number(log2N) > 17 || Number(r) > 16) return false;
  const found = await derive(secret, Buffer.from(salt!, "base64url"), { N: 2 ** Number(log2N), r: Number(r), p: Number(p) });
  const wanted = Buffer.from(expected, "base64url");
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

function derive(secret: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, HASH_BYTES, { ...options, maxmem: 512 * 1024 * 1024 }, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}
