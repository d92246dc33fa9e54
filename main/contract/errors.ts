/**
 * The error catalogue: every refusal a peer or a person can meet, once. Each face of the hub answers with its own
 * protocol's word for it: an HTTP status, a WebSocket close code (RFC 6455 §7.4), later an MQTT reason code.
 * `retryable` says whether the same request may succeed later without being changed.
 */
interface CatalogueEntry {
  readonly title: string;
  readonly httpStatus: number;
  readonly closeCode: number;
  readonly retryable: boolean;
}

export const ERRORS = {
  // What a peer sent
  REQUEST_MALFORMED: { title: "The request is not valid HTTP", httpStatus: 400, closeCode: 1002, retryable: false },
  REQUEST_TIMEOUT: { title: "The request did not arrive in time", httpStatus: 408, closeCode: 1008, retryable: true },
  REQUEST_ABORTED: { title: "The sender hung up before the request was complete", httpStatus: 400, closeCode: 1001, retryable: true },
  HEADERS_TOO_LARGE: { title: "The request's headers are too large", httpStatus: 431, closeCode: 1009, retryable: false },
  BODY_TOO_LARGE: { title: "The body is larger than allowed", httpStatus: 413, closeCode: 1009, retryable: false },
  HTTP_VERSION_UNKNOWN: { title: "This version of HTTP is not spoken here", httpStatus: 505, closeCode: 1002, retryable: false },
  TRANSFER_CODING_UNKNOWN: { title: "The body's transfer coding is not known here", httpStatus: 501, closeCode: 1002, retryable: false },
  METHOD_UNKNOWN: { title: "This method is not known here", httpStatus: 501, closeCode: 1002, retryable: false },
  MEDIA_UNSUPPORTED: { title: "The body's type or coding is not taken here", httpStatus: 415, closeCode: 1003, retryable: false },
  EXPECTATION_FAILED: { title: "The Expect header asks for something unknown", httpStatus: 417, closeCode: 1008, retryable: false },
  METHOD_NOT_ALLOWED: { title: "This method is not possible here", httpStatus: 405, closeCode: 1008, retryable: false },
  NOT_FOUND: { title: "There is nothing at this address", httpStatus: 404, closeCode: 1008, retryable: false },
  PARAMS_INVALID: { title: "A parameter is missing or wrong", httpStatus: 400, closeCode: 1008, retryable: false },
  FILTER_INVALID: { title: "The filter cannot be understood", httpStatus: 400, closeCode: 1008, retryable: false },
  TOPIC_INVALID: { title: "The topic is not a valid MQTT topic name", httpStatus: 400, closeCode: 1008, retryable: false },
  FRAME_INVALID: { title: "The frame cannot be understood", httpStatus: 400, closeCode: 1008, retryable: false },
  CALL_UNKNOWN: { title: "There is no such call", httpStatus: 404, closeCode: 1008, retryable: false },
  FEED_UNKNOWN: { title: "There is no such feed", httpStatus: 404, closeCode: 1008, retryable: false },
  VERSION_UNKNOWN: {
    title: "This version of the inspector contract is not spoken here",
    httpStatus: 400,
    closeCode: 1002,
    retryable: false,
  },
  // Who may
  TOKEN_REQUIRED: { title: "A token is required", httpStatus: 401, closeCode: 1008, retryable: false },
  TOKEN_INVALID: { title: "The token is not valid", httpStatus: 401, closeCode: 1008, retryable: false },
  LOGIN_EXPIRED: { title: "The login link was used already or has expired", httpStatus: 401, closeCode: 1008, retryable: false },
  TOO_MANY_ATTEMPTS: { title: "There were too many failed logins from this address", httpStatus: 429, closeCode: 1008, retryable: true },
  HOST_REFUSED: {
    title: "The Host header names an address this listener does not answer for",
    httpStatus: 421,
    closeCode: 1008,
    retryable: false,
  },
  ORIGIN_REFUSED: { title: "Web pages from this origin may not do that", httpStatus: 403, closeCode: 1008, retryable: false },
  KEY_REQUIRED: { title: "A key is required", httpStatus: 401, closeCode: 1008, retryable: false },
  KEY_INVALID: { title: "The key is not valid, or no longer", httpStatus: 401, closeCode: 1008, retryable: false },
  TOPIC_RESERVED: { title: "Topics that begin with $ are the hub's own", httpStatus: 403, closeCode: 1008, retryable: false },
  TOPIC_FORBIDDEN: { title: "The key does not allow this topic", httpStatus: 403, closeCode: 1008, retryable: false },
  CLIENT_ID_TAKEN: { title: "The client id belongs to a device with another key", httpStatus: 403, closeCode: 1008, retryable: false },
  VERIFICATION_FAILED: {
    title: "The webhook is not verified, and its source takes no others",
    httpStatus: 401,
    closeCode: 1008,
    retryable: false,
  },
  VERIFICATION_UNAVAILABLE: { title: "The webhook cannot be verified at the moment", httpStatus: 503, closeCode: 1013, retryable: true },
  HANDSHAKE_REFUSED: { title: "The provider's handshake does not match the source", httpStatus: 403, closeCode: 1008, retryable: false },
  HANDSHAKE_UNFINISHED: {
    title: "What the provider's handshake asks for could not be done",
    httpStatus: 503,
    closeCode: 1013,
    retryable: true,
  },
  // Things by name
  KEY_EXISTS: { title: "There is a key of that name already", httpStatus: 409, closeCode: 1008, retryable: false },
  KEY_NOT_FOUND: { title: "There is no such key", httpStatus: 404, closeCode: 1008, retryable: false },
  SESSION_NOT_FOUND: { title: "There is no such session", httpStatus: 404, closeCode: 1008, retryable: false },
  RETAINED_NOT_FOUND: { title: "The topic has no retained event", httpStatus: 404, closeCode: 1008, retryable: false },
  PAYLOAD_NOT_FOUND: { title: "There is no saved payload of that name", httpStatus: 404, closeCode: 1008, retryable: false },
  PAYLOAD_LIMIT: { title: "There are too many saved payloads", httpStatus: 429, closeCode: 1013, retryable: false },
  SESSION_ENDED: { title: "The session was ended from the inspector", httpStatus: 409, closeCode: 1000, retryable: true },
  BRIDGE_NOT_FOUND: { title: "There is no such bridge", httpStatus: 404, closeCode: 1008, retryable: false },
  ENDPOINT_NOT_FOUND: { title: "There is no such endpoint", httpStatus: 404, closeCode: 1008, retryable: false },
  ENDPOINT_LIMIT: { title: "There are too many endpoints", httpStatus: 429, closeCode: 1013, retryable: false },
  DELIVERY_NOT_FOUND: { title: "There is no such delivery", httpStatus: 404, closeCode: 1008, retryable: false },
  TARGET_REFUSED: { title: "Deliveries may not reach this address", httpStatus: 403, closeCode: 1008, retryable: false },
  TUNNEL_NOT_FOUND: { title: "There is no such tunnel", httpStatus: 404, closeCode: 1008, retryable: false },
  TUNNEL_NOT_OPEN: { title: "The tunnel is not open", httpStatus: 409, closeCode: 1008, retryable: true },
  SUBSCRIPTION_NOT_FOUND: { title: "There is no such subscription", httpStatus: 404, closeCode: 1008, retryable: false },
  SUBSCRIPTION_LIMIT: { title: "There are too many subscriptions", httpStatus: 429, closeCode: 1008, retryable: false },
  EVENT_NOT_FOUND: { title: "There is no such event", httpStatus: 404, closeCode: 1008, retryable: false },
  SOURCE_NOT_FOUND: { title: "There is no such source", httpStatus: 404, closeCode: 1008, retryable: false },
  SOURCE_NAME_INVALID: { title: "This cannot be a source's name", httpStatus: 400, closeCode: 1008, retryable: false },
  SECRET_EXISTS: { title: "The source has a secret of that name already", httpStatus: 409, closeCode: 1008, retryable: false },
  SECRET_NOT_FOUND: { title: "The source has no such secret", httpStatus: 404, closeCode: 1008, retryable: false },
  SECRET_LIMIT: { title: "The source has too many secrets", httpStatus: 429, closeCode: 1013, retryable: false },
  SIGNING_IMPOSSIBLE: { title: "The request cannot be signed", httpStatus: 409, closeCode: 1008, retryable: false },
  SOURCE_LIMIT: { title: "There are too many sources", httpStatus: 429, closeCode: 1013, retryable: false },
  RETAINED_LIMIT: { title: "There are too many retained events", httpStatus: 507, closeCode: 1008, retryable: false },
  SLOW_READER: { title: "The peer reads more slowly than events come", httpStatus: 503, closeCode: 1013, retryable: true },
  // The hub's own state
  HUB_BUSY: { title: "The hub has more in hand than it allows", httpStatus: 503, closeCode: 1013, retryable: true },
  HUB_STOPPING: { title: "The hub is stopping", httpStatus: 503, closeCode: 1012, retryable: true },
  HUB_UNREACHABLE: { title: "The hub cannot be reached", httpStatus: 503, closeCode: 1011, retryable: true },
  TOO_MANY_CONNECTIONS: { title: "There are too many connections", httpStatus: 503, closeCode: 1013, retryable: true },
  STORE_FULL: { title: "The disk is full", httpStatus: 507, closeCode: 1013, retryable: true },
  STORE_FAILED: { title: "The log cannot be written safely", httpStatus: 503, closeCode: 1011, retryable: true },
  STORE_DAMAGED: { title: "The log is damaged", httpStatus: 500, closeCode: 1011, retryable: false },
  // Why a log cannot be opened, and the hub not started
  STORE_MISSING: { title: "There is no log", httpStatus: 500, closeCode: 1011, retryable: false },
  STORE_LOCKED: { title: "Another hub is using this data folder", httpStatus: 503, closeCode: 1011, retryable: true },
  STORE_NEWER: { title: "The log was written by a newer Signalbox", httpStatus: 500, closeCode: 1011, retryable: false },
  STORE_FOREIGN: { title: "The file is not a Signalbox log", httpStatus: 500, closeCode: 1011, retryable: false },
  STORE_READ_ONLY: { title: "The data folder cannot be written", httpStatus: 500, closeCode: 1011, retryable: false },
  CONFIG_INVALID: { title: "A setting is wrong", httpStatus: 500, closeCode: 1011, retryable: false },
  PORT_BUSY: { title: "The port is in use", httpStatus: 409, closeCode: 1011, retryable: true },
  LISTEN_REFUSED: { title: "The address cannot be listened on", httpStatus: 403, closeCode: 1011, retryable: false },
  // A bug: the message carries an id that the hub's own log explains
  INTERNAL: { title: "Something went wrong inside the hub", httpStatus: 500, closeCode: 1011, retryable: true },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** An expected "no": a value, never thrown. `message` is a sentence for a person: what happened, to what, what to do. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export function refuse(code: ErrorCode, message: string, details?: Readonly<Record<string, unknown>>): { ok: false; refusal: Refusal } {
  return { ok: false, refusal: details ? { code, message, details } : { code, message } };
}

export function accept<T>(value: T): { ok: true; value: T } {
  return { ok: true, value };
}

/** A refusal where only an exception fits: across a promise of a client call, or out of start-up. */
export class RefusalError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.name = "RefusalError";
    this.refusal = refusal;
    this.code = refusal.code;
    this.details = refusal.details;
  }
}
