import { X509Certificate, constants, createPublicKey, publicDecrypt, verify } from "node:crypto";
import type { Verification } from "../contract/verification.ts";
import { failed } from "./verdict.ts";
import { decodeStrictly } from "./signing-key.ts";

/** A URL exactly as the pattern wants it, after parsing too: no user, port, query or fragment to hide behind. */
export function pinnedUrl(url: string, pattern: RegExp): string | null {
  return pattern.test(url) && URL.canParse(url) && new URL(url).href === url ? url : null;
}

/** Why a certificate cannot have signed at that time; null when it can. That it comes from the provider's own host is what vouches for it. */
export function certificateFault(pem: string, signedAt: number, isSubject: (subject: string) => boolean): Verification | null {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return failed("certificate-untrusted", "What stands at the certificate's address is no certificate.");
  }
  if (!isSubject(certificate.subject)) return failed("certificate-untrusted", "The certificate was issued to somebody else.");
  if (certificate.publicKey.asymmetricKeyType !== "rsa")
    return failed("certificate-untrusted", "The certificate's key is of another kind than the signature.");
  // When it was signed, not now: a stored request stays as good as it was.
  const valid = signedAt >= certificate.validFromDate.getTime() && signedAt <= certificate.validToDate.getTime();
  return valid
    ? null
    : failed(
        "certificate-untrusted",
        `The certificate was not valid when the request was signed; it is from ${certificate.validFrom} to ${certificate.validTo}.`,
      );
}

/** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2). A signature that decrypts to a digest was made by this key, over something else. */
export function verifyRsa(digest: "sha1" | "sha256", pem: string, signature: string, content: readonly string[]): Verification | null {
  const bytes = decodeStrictly(signature, "base64");
  if (!bytes) return failed("malformed", "The signature is not base64.");
  const key = createPublicKey(pem);
  if (verify(digest, Buffer.from(content.join("")), key, bytes)) return null;
  return holdsDigest(pem, bytes)
    ? failed("body-modified", "The signature is the provider's own, but over something else: the message was changed on its way.")
    : failed("malformed", "The signature was not made with the certificate's key.");
}

function holdsDigest(pem: string, signature: Buffer): boolean {
  try {
    // The digest's DigestInfo (RFC 8017 §9.2): a SEQUENCE of 35 bytes for SHA-1, of 51 for SHA-256.
    const info = publicDecrypt({ key: pem, padding: constants.RSA_PKCS1_PADDING }, signature);
    return info[0] === 0x30 && (info.length === 35 || info.length === 51);
  } catch {
    return false; // wrong padding, so another key's
  }
}
