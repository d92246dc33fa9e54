import { MqttClient, type IClientOptions, type IPublishPacket } from "mqtt";
import type { Bridge } from "../contract/bridge.ts";
import { AckGate } from "./ack-gate.ts";
import { openStream } from "./open-stream.ts";
import type { PublishUpstream } from "./to-upstream.ts";

const CONNECT_TIMEOUT_MS = 15_000;
const KEEPALIVE_SECONDS = 30;
/** How long the upstream is asked to keep what it has for us while we are away (MQTT 5 §3.1.2.11.2). */
const SESSION_SECONDS = 7 * 24 * 3600;
/** Messages from upstream that are being stored at once; more are not read. */
const MAX_TAKING = 1000;

export interface Upstream {
  readonly publish: PublishUpstream;
  /** Resolves with the reason when the connection has ended. */
  readonly ended: Promise<string>;
  end(): void;
}

/**
 * One connection, with the bridge's subscriptions made. Rejects when there is none to be had. `take` is called in the order
 * messages come, many of them at once, and resolves when the message is safe: only then is it acknowledged.
 */
export async function connectUpstream(
  bridge: Bridge,
  clientId: string,
  take: (packet: IPublishPacket) => Promise<void>,
): Promise<Upstream> {
  const gate = new AckGate(openStream(bridge, CONNECT_TIMEOUT_MS));
  const client = new MqttClient(() => gate, toOptions(bridge, clientId));
  const ended = Promise.withResolvers<string>();
  const opened = Promise.withResolvers<void>();
  let reason = "the connection was closed";
  client.on("error", (error) => (reason = error.message));
  client.on("disconnect", (packet) => (reason = `the broker ended it with reason code ${packet.reasonCode ?? 0}`));
  client.on("connect", () => opened.resolve());
  client.on("close", () => {
    opened.reject(new Error(reason));
    ended.resolve(reason);
    client.end(true);
  });
  let taking = 0;
  /** What comes after a message that could not be stored comes again after it. */
  let failed = false;
  /** mqtt.js goes on with the next message when it is called. */
  let goOn: (() => void) | null = null;
  const receive = async (packet: IPublishPacket): Promise<void> => {
    if (failed) return;
    const ticket = packet.qos > 0 ? gate.expectAck() : null;
    taking += 1;
    try {
      await take(packet);
      ticket?.safe();
    } catch (error) {
      failed = true;
      // Not acknowledged: the upstream gives it again with the next connection.
      reason = error instanceof Error ? error.message : String(error);
      client.end(true);
    }
    taking -= 1;
    goOn?.();
    goOn = null;
  };
  client.handleMessage = (packet, done) => {
    void receive(packet);
    if (taking < MAX_TAKING) done();
    else goOn = done;
  };
  await opened.promise;
  try {
    await subscribe(client, bridge);
  } catch (error) {
    client.end(true);
    // What came meanwhile could not be stored: that is why, and not that the subscription was broken off by it.
    throw failed ? new Error(reason, { cause: error }) : error;
  }
  return {
    ended: ended.promise,
    publish: (topic, body, options) =>
      Promise.race([
        ended.promise.then((why) => {
          throw new Error(why);
        }),
        new Promise<boolean>((resolve, reject) => {
          client.publish(topic, Buffer.from(body), options, (error) => {
            if (!error) resolve(true);
            // A reason code of PUBACK (MQTT 5 §3.4.2.1): a refusal. Anything else says nothing of what the broker thinks.
            else if ("code" in error && error.code >= 128) resolve(false);
            else reject(error);
          });
        }),
      ]),
    end: () => void client.end(true),
  };
}

async function subscribe(client: MqttClient, { subscribe: routes, version }: Bridge): Promise<void> {
  // No Local and Retain As Published (MQTT 5 §3.8.3.1); in 3.1.1 the routes must not overlap, see bridge-fault.ts.
  const options = version === 5 ? ({ qos: 1, nl: true, rap: true, rh: 1 } as const) : ({ qos: 1 } as const);
  for (const { filter, remotePrefix } of routes) {
    const grants = await client.subscribeAsync(remotePrefix + filter, options);
    if (grants.some(({ qos }) => qos >= 128)) throw new Error(`the broker refuses the subscription ${remotePrefix}${filter}`);
  }
}

function toOptions({ version, username, password }: Bridge, clientId: string): IClientOptions {
  return {
    clientId,
    protocolVersion: version,
    clean: false,
    reconnectPeriod: 0,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: KEEPALIVE_SECONDS,
    resubscribe: false,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(version === 5 ? { properties: { sessionExpiryInterval: SESSION_SECONDS, receiveMaximum: MAX_TAKING } } : {}),
  };
}
