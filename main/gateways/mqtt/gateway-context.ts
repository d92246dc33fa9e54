import type { Access } from "../../access/access.ts";
import type { GatewayHub, HubEvent, NewEvent } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Logger } from "../../platform/log.ts";
import type { IntakePace } from "../intake-pace.ts";
import type { SendingBudget } from "../sending-budget.ts";
import type { AedesStream } from "./aedes-stream.ts";
import type { MqttLimits } from "./config.ts";
import type { Connection } from "./connection.ts";
import type { Flusher } from "./outbox.ts";
import type { PublishEncoder } from "./outbound.ts";
import type { SessionRows } from "./session-rows.ts";
import type { Sessions } from "./sessions.ts";
import type { SubscriptionStore } from "./persistence.ts";
import type { Turns } from "./turns.ts";
import type { Wills } from "./wills.ts";

/** Plain numbers for `$SYS` and the status; all but `connections` only grow. */
export interface MqttFigures {
  connections: number;
  connectionsTotal: number;
  received: number;
  sent: number;
  dropped: number;
  refused: number;
  faults: number;
  bytesReceived: number;
}

/** What the connections of one gateway share. */
export interface GatewayContext {
  readonly limits: MqttLimits;
  readonly access: Access;
  readonly hub: GatewayHub;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly flusher: Flusher;
  readonly sending: SendingBudget;
  readonly intake: IntakePace;
  readonly turns: Turns;
  readonly encoder: PublishEncoder;
  readonly sessions: Sessions;
  readonly rows: SessionRows;
  readonly wills: Wills;
  readonly subscriptions: SubscriptionStore;
  readonly figures: MqttFigures;
  /** Monotonic ms of the last tick: good to a second, and free. */
  tick(): number;
  makeClientId(): string;
  /** Gives aedes a peer. */
  handle(stream: AedesStream, connection: Connection): void;
  /** Remembers who published an event, as long as somebody asked for No Local. */
  notePublisher(event: NewEvent, clientId: string): void;
  /** What a new subscription is sent at once; null is a moment to let others work. */
  retained(filter: string): Iterator<HubEvent | null>;
  onClosed(connection: Connection): void;
  onClosedFor(reason: "slow", connection: Connection): void;
}
