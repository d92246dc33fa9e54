import { createECDH, createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { ED25519_PKCS8 } from "../../main/webhooks/signing-key.ts";

/** Keys that are the same in every run, and nobody's. */
const seed = createHash("sha256").update("an Ed25519 key for tests").digest();
export const ed25519Private = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: "der", type: "pkcs8" });
const pair = createECDH("prime256v1");
pair.setPrivateKey(createHash("sha256").update("a P-256 key for tests").digest());
const [x, y] = [pair.getPublicKey().subarray(1, 33), pair.getPublicKey().subarray(33)].map((bytes) => bytes.toString("base64url"));
export const p256Private = createPrivateKey({
  key: { kty: "EC", crv: "P-256", x: x!, y: y!, d: pair.getPrivateKey().toString("base64url") },
  format: "jwk",
});
export const p256Public = createPublicKey(p256Private).export({ format: "der", type: "spki" }).toString("base64");

/** The 32 bytes of a public Ed25519 key. */
export const ed25519Public = createPublicKey(ed25519Private).export({ format: "der", type: "spki" }).subarray(-32);
