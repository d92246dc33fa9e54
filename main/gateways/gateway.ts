/** One protocol's adapter. What it may ask of the hub is GatewayHub (hub/ports.ts). */
export interface Gateway {
  readonly name: string;
  start(): Promise<void>;
  /** Takes no new work, lets work in hand finish, and frees what it holds. */
  stop(): Promise<void>;
}
