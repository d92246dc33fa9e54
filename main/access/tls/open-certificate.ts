import type { Server } from "node:tls";
import { accept, RefusalError, type Result } from "../../contract/errors.ts";
import type { TlsInfo } from "../../contract/listener.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import type { Certificate } from "./certificate.ts";
import { RENEW_BEFORE_MS, type CertificateSource } from "./certificate-source.ts";
import { createMadeCertificate } from "./made-certificate.ts";
import { createOwnCertificate, type CertificateFiles } from "./own-certificate.ts";
import { LEAST_TLS_VERSION, type TlsIdentity } from "./tls-identity.ts";

export interface CertificateOptions {
  /** Where a made certificate is kept. */
  readonly folder: string;
  /** The files of an own certificate; null: one is made. */
  readonly own: CertificateFiles | null;
  readonly allowHosts: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The certificate of all listeners with TLS. Nothing is read or made before the first of them asks. */
export interface TlsCertificate {
  /** For a listener on this host. Throws a RefusalError: CONFIG_INVALID. */
  forHost(host: string): Promise<TlsIdentity>;
  info(): TlsInfo;
  /** A made certificate is made anew, with a new key; an own one is read again. Refuses CONFIG_INVALID. */
  renew(): Promise<Result<TlsInfo>>;
  /** Looks at once whether there is a newer one. */
  reload(): Promise<void>;
  close(): void;
}

/** Files and dates are looked at this often. */
const LOOK_MS = 10_000;

export function openCertificate({ own, clock, logger, ...options }: CertificateOptions): TlsCertificate {
  const source: CertificateSource = own ? createOwnCertificate(own) : createMadeCertificate({ ...options, clock, logger });
  const servers = new Set<Server>();
  let current: Certificate | null = null;
  /** Why what is there now is not used. */
  let fault: string | null = null;
  let stopLooking: (() => void) | null = null;
  /** One after the other: two listeners may ask at once. */
  let working: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = working.then(work);
    working = done.catch(() => undefined);
    return done;
  };

  const use = (certificate: Certificate): Certificate => {
    fault = null;
    if (certificate.cert === current?.cert && certificate.key === current.key) return current;
    current = certificate;
    const { fingerprint, validUntilAt } = certificate.info;
    logger.info("The listeners with TLS show this certificate.", { fingerprint, validUntil: new Date(validUntilAt).toISOString() });
    for (const server of servers) server.setSecureContext(toOptions(certificate));
    return certificate;
  };

  const look = async (): Promise<void> => {
    if (current === null) return;
    try {
      use(await source.look());
    } catch (error) {
      const { message } = error as Error;
      // Once: while two files are being replaced, for example, they do not belong together for a moment.
      if (message !== fault) logger.warn("There is no newer certificate to be used; the one before stays.", { why: message });
      fault = message;
    }
  };

  const lookSoon = (): void => {
    stopLooking = clock.after(LOOK_MS, () => {
      void inTurn(look).then(() => stopLooking && lookSoon());
    });
  };

  const info = (): TlsInfo => ({ certificate: current?.info ?? null, warning: fault ?? (current && dateWarning(current, clock.now())) });

  return {
    info,
    forHost: (host) =>
      inTurn(async () => {
        const { cert, key } = use(await source.forHost(host));
        if (stopLooking === null) lookSoon();
        return {
          options: toOptions({ cert, key }),
          follow(server) {
            servers.add(server);
            server.once("close", () => servers.delete(server));
          },
        };
      }),
    renew: () =>
      inTurn(async () => {
        try {
          use(await source.renew());
          return accept(info());
        } catch (error) {
          if (!(error instanceof RefusalError)) throw error;
          return { ok: false, refusal: error.refusal };
        }
      }),
    reload: () => inTurn(look),
    close() {
      stopLooking?.();
      stopLooking = null;
    },
  };
}

/** Of an own certificate: a made one is renewed in time. */
function dateWarning({ info: { own, validFromAt, validUntilAt } }: Certificate, now: number): string | null {
  if (!own) return null;
  if (validFromAt > now) return "The certificate is not good yet, and clients refuse it: look at its dates, and at this machine's clock.";
  if (validUntilAt <= now) return "The certificate has ended, and clients refuse it: put a newer one in its place.";
  return validUntilAt - now < RENEW_BEFORE_MS ? "The certificate ends within 30 days: put a newer one in its place." : null;
}

function toOptions({ cert, key }: Pick<Certificate, "cert" | "key">): TlsIdentity["options"] {
  return { cert, key, minVersion: LEAST_TLS_VERSION };
}
