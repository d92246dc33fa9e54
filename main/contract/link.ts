/**
 * The transport under the contract: text frames, in order, nothing more (as in VS Code's base/parts/ipc). Carriers:
 * a MessagePort on the desktop, a WebSocket to a browser or the CLI, an in-memory pair in tests.
 */
export interface Link {
  /** `sent` is called once: when the carrier is rid of the text, or the link of its peer. */
  send(text: string, sent?: () => void): void;
  /** One listener; frames that came before it was set are kept and given to it at once. */
  onMessage(listener: (text: string) => void): void;
  /** Called once when the link is gone, whoever closed it. */
  onClose(listener: (reason: string) => void): void;
  close(code: number, reason: string): void;
}

/** Where the hub's inspector listener takes WebSockets. */
export const LINK_PATH = "/api/v1/link";
