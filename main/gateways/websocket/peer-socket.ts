import { WebSocket } from "ws";

/**
 * ws's socket, with two things of ours. The peer's close is answered once what it published before has come back
 * (RFC 6455 §5.5.1 lets an endpoint finish what it is sending). And which session it belongs to, so that one listener
 * serves all sockets.
 */
export class PeerSocket extends WebSocket {
  session: SocketSession | null = null;

  override close(code?: number, reason?: string | Buffer): void {
    if (this.session === null) super.close(code, reason);
    else this.session.whenSettled(() => super.close(code, reason));
  }

  /** Without waiting for anything. */
  closeNow(code: number, reason: string): void {
    // RFC 6455 §5.5: a control frame has at most 125 bytes, two of them the code.
    super.close(code, reason.length > 120 ? `${reason.slice(0, 119)}…`.slice(0, 120) : reason);
  }
}

/** What a socket tells its session. */
export interface SocketSession {
  onMessage(data: Buffer, isBinary: boolean): void;
  onPong(): void;
  onClose(): void;
  /** Runs now, or when nothing published is on its way to the log any more. */
  whenSettled(then: () => void): void;
}
