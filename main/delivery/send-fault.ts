import type { AttemptCause } from "../contract/delivery.ts";

const UNRESOLVED = /^(?:ENOTFOUND|EAI_|ENODATA|ESERVFAIL|EREFUSED)/;
const UNREACHABLE = /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|ETIMEDOUT|EADDRNOTAVAIL|EACCES|EPERM|EPROTO|ERR_SSL_)/;
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS_CERT/;

/** What an error of name resolution, socket, TLS or HTTP means for an attempt. */
export function toSendFault(error: unknown, host: string): { readonly cause: AttemptCause; readonly message: string } {
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (CERTIFICATE.test(code)) return { cause: "certificate", message: `The certificate of ${host} is not trusted (${code}).` };
  if (UNRESOLVED.test(code)) return { cause: "unresolved", message: `The name of ${host} could not be resolved (${code}).` };
  if (UNREACHABLE.test(code)) return { cause: "unreachable", message: `${host} could not be reached (${code}).` };
  if (code.startsWith("HPE_")) return { cause: "answer-malformed", message: `What ${host} answered is not HTTP (${code}).` };
  return { cause: "connection-lost", message: `The connection to ${host} ended before it answered (${code || message}).` };
}
