import { refuse, type Refusal } from "../contract/errors.ts";

export interface HttpBounds {
  readonly maxHeaderBytes: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
}

/** What Node's parser and its clock say of a request that cannot be taken, in the catalogue's words. */
export function toHttpFault(error: NodeJS.ErrnoException & { readonly reason?: string }, bounds: HttpBounds): Refusal {
  switch (error.code) {
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
      return refuse("REQUEST_MALFORMED", `This is not valid HTTP/1.1: ${error.reason ?? error.message}.`, { cause: error.code ?? null })
        .refusal;
  }
}
