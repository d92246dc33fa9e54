/**
 * What a publication is rejected with and what `onError` is given. `code` is one of the hub's catalogue, or of the client
 * itself: OUTBOX_FULL, CLIENT_CLOSED, CONNECT_FAILED.
 */
export class SignalboxError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = "SignalboxError";
    this.code = code;
  }
}
