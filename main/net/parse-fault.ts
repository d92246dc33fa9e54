import { refuse, type Refusal } from "../contract/errors.ts";
import { versionUnknown } from "./message-fault.ts";

export interface HttpBounds {
  readonly maxHeaderBytes: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** What Node's parser and its clock say of a request that cannot be taken, in the catalogue's words. */
export function toParseFault(error: ParseError, bounds: HttpBounds): Refusal {
  switch (error.code) {
    case "HPE_PAUSED_H2_UPGRADE":
      return versionUnknown(null);
    case "HPE_INVALID_VERSION":
      // The same code says that the line does not end after the version.
      return error.reason === "Invalid HTTP version" ? versionUnknown(null) : malformed(error);
    case "HPE_INVALID_METHOD": {
      const method = METHOD_LINE.exec(error.rawPacket?.toString("latin1", 0, 200) ?? "")?.[1];
      // Nonsense may follow a good request in the same packet.
      if (method === undefined || (error.bytesParsed ?? 0) > method.length) return malformed(error);
      return refuse("METHOD_UNKNOWN", `The method ${method} is not known here.`).refusal;
    }
    case "HPE_HEADER_OVERFLOW": {
      const limit = bounds.maxHeaderBytes;
      return refuse("HEADERS_TOO_LARGE", `The request's headers have more than ${limit} bytes.`, { limit }).refusal;
    }
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return refuse("BODY_TOO_LARGE", "The chunk extensions of the body are too large.").refusal;
    case "ERR_HTTP_REQUEST_TIMEOUT": {
      const { headersTimeoutMs, requestTimeoutMs } = bounds;
      const message = `The request did not arrive in time: ${headersTimeoutMs} ms for its headers, ${requestTimeoutMs} ms for all of it.`;
      return refuse("REQUEST_TIMEOUT", message, { headersTimeoutMs, requestTimeoutMs }).refusal;
    }
    default:
      return malformed(error);
  }
}

export type ParseError = NodeJS.ErrnoException & { readonly reason?: string; readonly rawPacket?: Buffer; readonly bytesParsed?: number };

function malformed({ reason, message, code }: ParseError): Refusal {
  return refuse("REQUEST_MALFORMED", `This is not valid HTTP/1.1: ${reason ?? message}.`, { cause: code ?? null }).refusal;
}

/** A request line that is one but for its method (RFC 9110 §9.1: tokens are methods, known or not). */
const METHOD_LINE = /^([\w!#$%&'*+.^`|~-]{1,40}) \S+ HTTP\/\d/;
