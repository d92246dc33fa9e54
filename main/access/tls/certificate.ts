import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { CertificateInfo } from "../../contract/listener.ts";
import { toPlainAddress } from "./host-names.ts";
import { LEAST_TLS_VERSION } from "./tls-identity.ts";

/** A certificate and its private key, found to belong together. */
export interface Certificate {
  /** PEM; with an own certificate perhaps a chain. */
  readonly cert: string;
  readonly key: string;
  readonly info: CertificateInfo;
}

/** `fault` ends a sentence: "… cannot be used: <fault>". */
export type ParsedCertificate = { readonly certificate: Certificate } | { readonly fault: string };

/** Both in PEM. Looks at everything a client would stumble over but the dates: those are told, not refused. */
export function parseCertificate(cert: string, key: string, own: boolean): ParsedCertificate {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(cert);
  } catch {
    return { fault: /PRIVATE KEY-----/.test(cert) ? "the certificate's file holds a private key" : "the certificate is not PEM" };
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    if (/ENCRYPTED/.test(key)) return { fault: "the key is encrypted; take the passphrase off" };
    return {
      fault: /-----BEGIN CERTIFICATE-----/.test(key) ? "the key's file holds a certificate" : "the key is not a private key in PEM",
    };
  }
  if (!x509.checkPrivateKey(privateKey)) return { fault: "the key does not belong to the certificate" };
  try {
    createSecureContext({ cert, key, minVersion: LEAST_TLS_VERSION });
  } catch (error) {
    return { fault: (error as Error).message }; // a key that is too short, a chain that is none
  }
  return { certificate: { cert, key, info: toInfo(x509, cert, own) } };
}

function toInfo(x509: X509Certificate, pem: string, own: boolean): CertificateInfo {
  return {
    subject: toOneLine(x509.subject),
    issuer: toOneLine(x509.issuer),
    names: [...(x509.subjectAltName ?? "").matchAll(/(?:DNS|IP Address):([^,"]+)/g)].map(([, name]) => toPlainAddress(name!)),
    fingerprint: x509.fingerprint256,
    validFromAt: x509.validFromDate.getTime(),
    validUntilAt: x509.validToDate.getTime(),
    own,
    pem,
  };
}

/** Node writes a line for each part of a distinguished name. A certificate may have none. */
function toOneLine(name: string | undefined): string {
  return (name ?? "").split("\n").join(", ");
}
