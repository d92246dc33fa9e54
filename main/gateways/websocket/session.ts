import type { Socket } from "node:net";
import type { Peer } from "../../access/permissions.ts";
import { ERRORS, refuse, type ErrorCode, type Refusal } from "../../contract/errors.ts";
import type { AppendOutcome, GatewayHub, NewEvent, PeerDescription, RegisteredPeer, SessionEntry } from "../../hub/ports.ts";
import type { Clock } from "../../platform/clock.ts";
import { Outbox, type Flusher } from "../outbox.ts";
import type { IntakeLane, IntakePace, PacedPeer } from "../intake-pace.ts";
import type { SendingBudget } from "../sending-budget.ts";
import type { WebSocketConfig } from "./config.ts";
import { encodeFrame, PING } from "./frame.ts";
import type { EventFrames } from "./outbound.ts";
import type { PeerSocket, SocketSession } from "./peer-socket.ts";

/** What all sessions of the gateway share. */
export interface SessionHost {
  readonly hub: GatewayHub;
  readonly clock: Clock;
  readonly config: WebSocketConfig;
  readonly flusher: Flusher;
  readonly sending: SendingBudget;
  readonly intake: IntakePace;
  readonly frames: EventFrames;
  ended(session: WebSocketSession): void;
}

const PING_FRAME = encodeFrame(PING, "");

/** One peer: what every way to talk with it has in common. */
export abstract class WebSocketSession implements SocketSession, RegisteredPeer, PacedPeer {
  protected readonly host: SessionHost;
  protected readonly peer: Peer;
  protected readonly outbox: Outbox;
  protected readonly entry: SessionEntry;
  readonly #remoteAddress: string;
  readonly #socket: PeerSocket;
  #missedPings = 0;
  #faults = 0;
  /** Publications on their way to the log. */
  #inFlight = 0;
  readonly #intake: IntakeLane;
  #afterSettled: (() => void) | null = null;
  #ended = false;

  constructor(host: SessionHost, peer: Peer, socket: PeerSocket, transport: Socket) {
    this.host = host;
    this.peer = peer;
    this.#socket = socket;
    this.outbox = new Outbox({
      target: transport,
      flusher: host.flusher,
      sending: host.sending,
      maxQueuedBytes: host.config.maxQueuedBytes,
      onOverflow: () => this.close("SLOW_READER", "You read more slowly than events come. Come again and go on after the last seq."),
      onRoom: () => this.onRoom(),
    });
    this.#intake = host.intake.open(this);
    this.#remoteAddress = (transport.remoteAddress ?? "").replace(/^::ffff:/, "");
    this.entry = host.hub.sessions.add(this);
  }

  abstract start(): void;
  abstract onMessage(data: Buffer, isBinary: boolean): void;
  protected abstract onRoom(): void;
  protected abstract end(): void;
  /** What it speaks, and the filters it follows. */
  protected abstract get version(): string;
  protected abstract subscriptions(): readonly string[];

  describe(): PeerDescription {
    const subscriptions = this.subscriptions();
    return {
      name: this.peer.key ?? this.#remoteAddress,
      protocol: "websocket",
      version: this.version,
      remoteAddress: this.#remoteAddress,
      key: this.peer.key,
      queuedEvents: 0,
      queuedBytes: this.outbox.waitingBytes,
      subscriptions,
      subscriptionCount: subscriptions.length,
      will: null,
    };
  }

  disconnect({ code, message }: Refusal): void {
    this.close(code, message);
  }

  onPong(): void {
    this.#missedPings = 0;
  }

  beat(): void {
    this.#faults = 0;
    if (this.#missedPings >= this.host.config.maxMissedPings) {
      this.entry.close("it did not answer pings");
      return this.#socket.terminate();
    }
    this.#missedPings += 1;
    this.outbox.push(PING_FRAME);
  }

  hold(): void {
    this.#socket.pause();
  }

  release(): void {
    this.#socket.resume();
  }

  onClose(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.outbox.close();
    this.end();
    this.entry.close("the connection ended");
    this.host.ended(this);
  }

  whenSettled(then: () => void): void {
    if (this.#inFlight > 0 && !this.#ended) {
      this.#afterSettled = then;
      return;
    }
    this.#stopSending();
    then();
  }

  /** Says why and ends the conversation; what the peer has not read of what was written before, it still can. */
  close(code: ErrorCode, reason: string): void {
    this.#stopSending();
    this.#count(code);
    this.entry.close(reason);
    this.#socket.closeNow(ERRORS[code].closeCode, reason);
  }

  protected get isOpen(): boolean {
    return !this.#ended;
  }

  protected publish(event: NewEvent, done: (outcome: AppendOutcome) => void): void {
    this.#inFlight += 1;
    this.#intake.began(event.body.length);
    this.host.hub.ingest(event, (outcome) => {
      this.#inFlight -= 1;
      this.#intake.ended();
      if (outcome.ok) this.entry.noteReceived(outcome.event);
      if (!this.#ended) done(outcome);
      if (this.#inFlight > 0 || this.#afterSettled === null) return;
      // The event comes back to its own sender in this turn; then the close may go.
      const then = this.#afterSettled;
      this.#afterSettled = null;
      setImmediate(() => this.whenSettled(then));
    });
  }

  /** Counts what the peer did wrong; true when it has done so too often and is being closed. */
  protected isTooMuch(refusal: Refusal): boolean {
    this.#count(refusal.code);
    if (ERRORS[refusal.code].retryable) return false; // that is ours
    this.#faults += 1;
    if (this.#faults < this.host.config.maxFaults) return false;
    this.close("FRAME_INVALID", "Too many frames could not be understood.");
    return true;
  }

  /** RFC 6455 §5.5.1: nothing follows a close. */
  #stopSending(): void {
    this.outbox.flush();
    this.outbox.close();
    this.end();
  }

  #count(code: ErrorCode): void {
    const { refused } = this.host.hub.counters;
    refused[code] = (refused[code] ?? 0) + 1;
  }
}

export const STOPPING = refuse("HUB_STOPPING", "The hub is stopping. Come again when it is back.").refusal;
