import type { AppendOutcome, NewEvent } from "../hub/ports.ts";
import type { Source } from "../contract/source.ts";
import type { Result } from "../contract/errors.ts";

/** What a protocol's adapter may ask of the hub. */
export interface GatewayHub {
  /** Stores and publishes an event. `done` runs once: after the commit, or with the refusal the peer must be told. */
  ingest(event: NewEvent, done: (outcome: AppendOutcome) => void): void;
  /** The source of that name; an unknown one is made when that is allowed. */
  source(name: string): Result<Source>;
}

/** One protocol's adapter. `stop()` takes no new work, lets work in hand finish, and frees what it holds. */
export interface Gateway {
  readonly name: string;
  start(): Promise<void>;
  stop(): Promise<void>;
}
