import type { Duplex } from "node:stream";
import { NOBODY, type Peer } from "../../access/permissions.ts";
import type { Refusal, Result } from "../../contract/errors.ts";
import type { AppendOutcome, NewEvent, SessionEntry } from "../../hub/ports.ts";
import { authenticatePeer } from "./authenticate-peer.ts";
import type { IntakeLane, PacedPeer } from "../intake-pace.ts";
import { AckOrder } from "./ack-order.ts";
import type { AliasesOut } from "./aliases-out.ts";
import { AedesStream, type StreamOwner } from "./aedes-stream.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { handlePacket } from "./handle-packet.ts";
import { onUnanswered } from "./handle-publish.ts";
import type { PendingAck } from "./handle-subscribe.ts";
import { keepAliveOf, sessionExpiryOf } from "./negotiate.ts";
import { openSession } from "./open-session.ts";
import { Outbox } from "./outbox.ts";
import { expiresAt } from "./outbound.ts";
import { noteRefused, registerConnection, wordsFor } from "./register-connection.ts";
import type { Session } from "./session.ts";
import type { SessionLink } from "./session-context.ts";
import { toAedesConnect } from "./to-aedes-connect.ts";
import { encodeAckWithReason, encodeConnack, encodeDisconnect } from "./wire/encode.ts";
import { PACKET, type Qos } from "./wire/packet-type.ts";
import { PacketScanner } from "./wire/packet-scanner.ts";
import { parseConnect, type ConnectPacket } from "./wire/parse-connect.ts";
import type { TopicMemory } from "./wire/parse-publish.ts";
import { REASON, toReturnCode, type PacketFault, type ReasonCode } from "./wire/reason-code.ts";
import type { OpenWill } from "./wills.ts";

/** `new`: no CONNECT yet. `connecting`: aedes looks at it. `open`: CONNACK is out. `ending`: no more is read. */
export type ConnectionState = "new" | "connecting" | "open" | "ending";

/**
 * One peer. Guards what comes in, so that aedes sees nothing but sound control packets; takes PUBLISH and its
 * acknowledgements itself, both ways; gathers what goes out.
 */
export class Connection implements StreamOwner, SessionLink, PacedPeer {
  readonly context: GatewayContext;
  readonly remoteAddress: string;
  readonly outbox: Outbox;
  readonly topicMemory: TopicMemory = { bytes: null, topic: "" };
  aliasesIn: Map<number, string> | null = null;
  state: ConnectionState = "new";
  v5 = false;
  clientId = "";
  peer: Peer = NOBODY;
  receiveMaximum = 65_535;
  /** Null before CONNACK. */
  session: Session | null = null;
  /** While it is open. */
  entry: SessionEntry | null = null;
  /** Publications of this peer that wait for their commit. */
  readonly intake: IntakeLane;
  readonly pubacks = new AckOrder();
  readonly pubrecs = new AckOrder();
  pendingAck: PendingAck | null = null;
  readonly onUnanswered = (outcome: AppendOutcome): void => onUnanswered(this, outcome);
  /** Monotonic ms, as coarse as the gateway's tick. */
  heardAt: number;
  /** When what is being handled was read, epoch ms. */
  readAt = 0;
  readonly #socket: Duplex;
  readonly #scanner: PacketScanner;
  #connect: ConnectPacket | null = null;
  #will: OpenWill | null = null;
  #saidGoodbye = false; // and that its will is not wanted
  #stream: AedesStream | null = null;
  /** Why nothing is read, as bits of HELD. */
  #held = 0;
  #draining = false;
  #disconnecting = false;
  #blockedSince: number | null = null;
  #maximumPacketBytes = Number.POSITIVE_INFINITY;
  #aliasesOut: AliasesOut | null = null;

  constructor(socket: Duplex, remoteAddress: string, context: GatewayContext) {
    this.#socket = socket;
    this.remoteAddress = remoteAddress;
    this.context = context;
    this.heardAt = context.tick();
    this.intake = context.intake.open(this, context.limits.maxUncommitted);
    this.#scanner = new PacketScanner(context.limits.maxConnectBytes);
    this.outbox = new Outbox(socket, context.flusher, context.sending, () => this.session?.drained());
    socket.on("data", (chunk: Buffer) => this.#onData(chunk));
    socket.on("drain", () => {
      this.#blockedSince = null;
      this.outbox.drained();
    });
    socket.on("error", () => this.#onClosed());
    socket.on("close", () => this.#onClosed());
    socket.on("end", () => this.#socket.end());
  }

  /** Called every second or so: time-outs of CONNECT (§4.13), keep-alive [MQTT-3.1.2-22] and of a peer that takes nothing. */
  check(now: number): void {
    const { limits } = this.context;
    if (this.outbox.blocked) {
      this.#blockedSince ??= now;
      if (now - this.#blockedSince > limits.drainTimeoutMs) {
        this.context.onClosedFor("slow", this);
        this.#socket.destroy();
      }
    }
    if (this.state === "ending") return;
    const quiet = now - this.heardAt;
    if (this.state === "open") {
      const keepAlive = keepAliveOf(this.#connect!, limits);
      if (keepAlive > 0 && this.#held === 0 && quiet > keepAlive * 1500) this.close(REASON.keepAliveTimeout);
    } else if (quiet > limits.connectTimeoutMs) {
      this.#socket.destroy();
    }
  }

  /** Ends the connection; the will is sent. An MQTT 5 peer is told why. */
  close(reason: ReasonCode): void {
    if (this.state === "open" && this.v5) this.outbox.add(encodeDisconnect(reason));
    this.entry?.close(wordsFor(reason));
    this.#end();
  }

  fault({ code, why }: PacketFault): void {
    const { clientId, remoteAddress } = this;
    this.context.logger.debug("An MQTT peer broke the protocol and is cut off.", { clientId, remoteAddress, why });
    this.context.figures.faults += 1;
    this.entry?.close(why);
    this.close(code);
  }

  /** Its publications are stored more slowly than they come: no more is read until `release`. */
  hold(): void {
    this.#stopReading(HELD.forIntake);
  }

  release(): void {
    this.#goOnReading(HELD.forIntake);
  }

  /** The next packet is not handled before this one is answered. */
  awaitAnswer(): void {
    this.#stopReading(HELD.forAnswer);
  }

  /** In another turn: many such packets, one after the other, must not keep the loop from everybody else. */
  answered(): void {
    if (!this.#disconnecting) setImmediate(() => this.#goOnReading(HELD.forAnswer));
  }

  #stopReading(why: number): void {
    this.#held |= why;
    this.#socket.pause();
  }

  #goOnReading(why: number): void {
    if ((this.#held & why) === 0) return;
    this.#held &= ~why;
    if (this.#held !== 0) return;
    this.heardAt = this.context.tick(); // What it said meanwhile has not been read.
    this.#socket.resume();
    if (!this.#draining) this.#drain();
  }

  /** Hands aedes a packet that is its business. */
  toAedes(packet: Buffer): void {
    this.#stream?.push(packet);
  }

  /** PUBACK, PUBREC and the like; with a reason only for MQTT 5 and only when it is not success (§3.4.2.1). */
  sendAck(first: number, packetId: number, reason: number = REASON.success): void {
    if (this.state !== "open") return;
    if (reason === REASON.success || !this.v5) this.outbox.addAck(first, packetId);
    else this.outbox.add(encodeAckWithReason(first, packetId, reason));
  }

  sendRelease(packetId: number): void {
    this.sendAck((PACKET.pubrel << 4) | 2, packetId);
  }

  sendReceived(packetId: number): void {
    this.sendAck(PACKET.pubrec << 4, packetId);
  }

  /** Whoever asks is told when there is room again. */
  get congested(): boolean {
    const congested = this.outbox.waitingBytes > this.context.limits.maxOutBytes || this.outbox.isOverBudget();
    if (congested) this.outbox.tellRoom();
    return congested;
  }

  sendEvent(event: NewEvent, qos: Qos, retain: boolean, dup: boolean, packetId: number, ids: readonly number[] | null): boolean {
    const { context } = this;
    const now = event.attributes === undefined ? 0 : context.clock.now();
    if (event.attributes !== undefined && expiresAt(event) <= now && expiresAt(event) !== event.receivedAt) return false; // [MQTT-3.3.2-5]
    if (qos === 0 && this.congested) {
      context.figures.dropped += 1;
      return true;
    }
    const alias = this.#aliasesOut?.of(event.topic) ?? null;
    const shape = { v5: this.v5, qos, retain, dup, subscriptionIds: this.v5 ? ids : null, alias };
    const packet = context.encoder.encode(event, shape, now);
    if (packet.bytes.length > this.#maximumPacketBytes) {
      if (shape.alias?.first) this.#aliasesOut?.forget(event.topic); // The peer has not heard of it.
      return false;
    }
    this.outbox.addPublish(packet, packetId);
    context.figures.sent += 1;
    this.entry?.noteSent(event);
    return true;
  }

  /** Asked when aedes looks at the CONNECT. */
  async authenticate(): Promise<Result<Peer>> {
    const known = await authenticatePeer(this.context, this.#connect!, this.clientId, this.remoteAddress);
    if (known.ok) this.peer = known.value;
    else noteRefused(this, this.#connect!, known.refusal);
    return known;
  }

  /** Called by aedes through its stream: whole packets, mostly one. CONNACK and SUBACK are finished here. */
  onWritten(bytes: Buffer): void {
    switch (bytes[0]! >> 4) {
      case PACKET.connack:
        this.#onConnack(bytes[3]!);
        return;
      case PACKET.suback:
      case PACKET.unsuback: {
        const pending = this.pendingAck;
        this.pendingAck = null;
        pending?.finish();
        this.answered();
        return;
      }
      case PACKET.disconnect:
        this.outbox.add(bytes);
    }
  }

  onDestroyed(): void {
    this.#stream = null;
    this.#end();
  }

  onRefused({ code }: Refusal): void {
    const { clientId } = this;
    this.context.logger.warn("What an MQTT session needs could not be stored; its connection is closed.", { clientId, code });
    this.close(REASON.serverUnavailable);
  }

  #onData(chunk: Buffer): void {
    if (this.state === "ending") return;
    this.heardAt = this.context.tick();
    this.readAt = this.context.clock.now();
    this.#scanner.push(chunk);
    this.#drain();
  }

  #drain(): void {
    const { turns } = this.context;
    const until = turns.begin();
    this.#draining = true;
    for (let handled = 1; this.#held === 0 && !this.#isEnding(); handled += 1) {
      const scan = this.#scanner.next();
      if (scan === "more") break;
      if (scan === "packet") {
        this.#onPacket();
        if (handled % PACKETS_A_LOOK !== 0 || !turns.isOver(until)) continue;
        this.#stopReading(HELD.forOthers);
        turns.defer(() => this.#goOnReading(HELD.forOthers));
      } else if (scan === "too-large") this.fault({ code: REASON.packetTooLarge, why: "a packet is larger than allowed" });
      else this.fault({ code: REASON.malformed, why: "a packet's length has more than four bytes" });
    }
    this.#draining = false;
  }

  #isEnding(): boolean {
    return this.state === "ending";
  }

  #onPacket(): void {
    const { bytes, start, bodyAt, end } = this.#scanner;
    if (this.state === "new") {
      const first = bytes[start]!;
      if (first >> 4 === PACKET.connect) this.#onConnect(bytes, first, bodyAt, end);
      else this.fault({ code: REASON.protocolError, why: "the first packet is not CONNECT" }); // [MQTT-3.1.0-1]
      return;
    }
    handlePacket(this, bytes, start, bodyAt, end);
  }

  #onConnect(bytes: Buffer, first: number, from: number, to: number): void {
    const parsed = parseConnect(bytes, first, from, to);
    if (!parsed.ok) {
      const { fault, level } = parsed;
      // A malformed CONNECT is closed without an answer [MQTT-3.1.4-1]; one that is understood and refused gets one.
      if (level !== null && fault.code !== REASON.malformed) this.#refuse(level, fault);
      else this.fault(fault);
      return;
    }
    const { packet } = parsed;
    if (packet.will !== null && !this.context.wills.hasRoomFor(packet.will)) {
      this.#refuse(packet.level, { code: REASON.quotaExceeded, why: "the wills of all peers take as much as they may" });
      return;
    }
    this.#connect = packet;
    this.state = "connecting";
    this.v5 = packet.level === 5;
    this.clientId = packet.clientId === "" ? this.context.makeClientId() : packet.clientId;
    this.#scanner.limit = this.context.limits.maxPacketBytes;
    this.awaitAnswer();
    this.#stream = new AedesStream(this);
    this.context.handle(this.#stream, this);
    this.#stream.push(toAedesConnect(packet, this.clientId, sessionExpiryOf(packet, this.context.limits) > 0));
  }

  #refuse(level: number, fault: PacketFault): void {
    this.outbox.add(encodeConnack(level === 5, false, level === 5 ? fault.code : toReturnCode(fault.code), {}));
    this.fault(fault);
  }

  #onConnack(code: number): void {
    const connect = this.#connect!;
    if (code !== 0) {
      this.outbox.add(encodeConnack(this.v5, false, code, {}));
      this.#end();
      return;
    }
    const { session, will, connack, ...taken } = openSession(this, connect);
    this.session = session;
    this.#will = will;
    this.receiveMaximum = taken.receiveMaximum;
    this.#maximumPacketBytes = taken.maximumPacketBytes;
    this.#aliasesOut = taken.aliasesOut;
    if (connack.length > this.#maximumPacketBytes) {
      this.#end(); // [MQTT-3.1.2-24]: it cannot even be told
      return;
    }
    const send = (): void => {
      this.state = "open";
      this.entry = registerConnection(this, connect);
      this.outbox.add(connack);
      session.attach(this);
      this.answered();
    };
    if (!session.durable && this.#will === null) send();
    else this.context.rows.flush((refusal) => (refusal ? this.onRefused(refusal) : this.#isEnding() ? undefined : send()));
  }

  /** `normally`: the will is not wanted. aedes must see a DISCONNECT before the end of the stream. Nothing more is read. */
  disconnect(normally: boolean, packet: Buffer): void {
    this.#saidGoodbye = normally;
    this.entry?.close(normally ? "it said goodbye" : "it left and wanted its will published");
    this.#disconnecting = true;
    this.toAedes(packet);
    this.awaitAnswer();
  }

  #end(): void {
    if (this.state === "ending") return;
    this.state = "ending";
    this.#scanner.clear();
    this.outbox.flush();
    this.#socket.resume(); // What still comes is thrown away, so that the end is seen.
    this.#socket.end();
    this.context.clock.after(LINGER_MS, () => this.#socket.destroy());
    this.#detach();
  }

  #onClosed(): void {
    if (this.state !== "ending") {
      this.state = "ending";
      this.#scanner.clear();
    }
    this.#socket.destroy();
    this.outbox.clear();
    this.#detach();
    this.context.onClosed(this);
  }

  #detach(): void {
    this.entry?.close("the connection ended");
    this.entry = null;
    const { session } = this;
    this.session = null;
    if (session !== null) {
      const { expirySeconds } = session;
      this.context.sessions.detach(session, this, this.context.clock.now());
      this.#will?.close(this.#saidGoodbye, expirySeconds);
    }
    if (!this.#disconnecting) this.#stream?.destroy();
  }
}

const HELD = { forAnswer: 1, forIntake: 2, forOthers: 4 } as const;
const PACKETS_A_LOOK = 8; // at the clock
/** Time for the last bytes to reach a peer that does not hang up itself. */
const LINGER_MS = 1_000;
