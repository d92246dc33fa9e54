import { MAX_CHUNK_BYTES, type CallName, type CallParams, type CallResult } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { EVERY_TOPIC, type KeyInfo } from "../contract/key.ts";
import { MAX_SESSIONS } from "../contract/session.ts";
import { topicFault } from "../contract/topic.ts";
import { createDeliveryHandlers } from "./delivery-handlers.ts";
import type { Hub } from "../hub/hub.ts";
import type { KeyDirectory, StoredTopicNode } from "../hub/ports.ts";
import type { TopicFigure } from "../hub/topic-figures.ts";
import { readDetail } from "./read-detail.ts";

export type CallHandlers = { readonly [N in CallName]: (params: CallParams<N>) => Promise<Result<CallResult<N>>> };

/** What each call does. Parameters have been parsed; what only the hub can judge (a topic, a name), it refuses itself. */
export function createCallHandlers(hub: Hub, keys: KeyDirectory): CallHandlers {
  const { log, sources, sessions } = hub;
  const retainedOn = (topic: string): string | null => {
    let id: string | null = null;
    for (const event of hub.retained(topic)) if (event !== null) id = event.id;
    return id;
  };
  const withFigures = <T extends StoredTopicNode>(node: T, { count, perSecond }: TopicFigure) => {
    const retainedId = node.isTopic ? retainedOn(node.topic) : null;
    return { ...node, count, perSecond: Math.round(perSecond * 10) / 10, retained: retainedId !== null, retainedId };
  };
  /** The hash stays where it is. */
  const toKeyInfo = ({ name, createdAt, expiresAt, enabled, publish, subscribe }: Omit<KeyInfo, "lastUsedAt">): KeyInfo => {
    return { name, createdAt, expiresAt, enabled, lastUsedAt: keys.lastUsedAt(name), publish, subscribe };
  };
  return {
    "hub.status": async () => accept(hub.status()),
    "events.query": (query) => log.query(query),
    "events.get": ({ id }) => readDetail(hub, id),
    "events.body": ({ id, offset = 0, length = MAX_CHUNK_BYTES }) => log.body(id, offset, length),
    "events.timeline": ({ from, to, buckets, filter }) => log.timeline(from, to, buckets, filter),
    "events.publish": async ({ topic, payload, encoding = "utf8", contentType = null, retain = false, qos }) => {
      const bytes = toBytes(payload, encoding);
      return bytes.ok ? hub.publish({ topic, payload: bytes.value, contentType, retain, qos }) : bytes;
    },
    "payloads.list": async () => accept({ payloads: hub.payloads.list() }),
    "payloads.save": async (payload) => {
      const bytes = toBytes(payload.payload, payload.encoding);
      return bytes.ok ? hub.payloads.save(payload) : bytes;
    },
    "payloads.remove": async ({ name }) => {
      const removed = await hub.payloads.remove(name);
      return removed.ok ? accept({}) : removed;
    },
    "events.pin": async ({ id, pinned }) => {
      const done = await log.pin(id, pinned);
      return done.ok ? accept({}) : done;
    },
    "bridges.list": async () => accept({ bridges: hub.bridges.list() }),
    "bridges.save": (bridge) => hub.bridges.save(bridge),
    "bridges.remove": async ({ name }) => {
      const removed = await hub.bridges.remove(name);
      return removed.ok ? accept({}) : removed;
    },
    "settings.get": async () => accept(hub.settings.get()),
    "settings.save": (change) => hub.settings.save(change),
    "settings.reset": () => hub.settings.reset(),
    "sources.list": async () => accept({ sources: await sources.list() }),
    "sources.save": ({ name, ...change }) => sources.save(name, change),
    "sources.remove": async ({ name }) => {
      const removed = await sources.remove(name);
      return removed.ok ? accept({}) : removed;
    },
    "sources.addSecret": ({ name, secret, value, use }) => sources.addSecret(name, { name: secret, value, use }),
    "sources.rotateSecret": ({ name, secret, value, overlapMs }) => sources.rotateSecret(name, secret, value, overlapMs),
    "sources.removeSecret": ({ name, secret }) => sources.removeSecret(name, secret),
    "providers.list": async () => accept({ providers: hub.providers.list() }),
    "topics.list": async ({ prefix = "", search = "", limit = 100 }) => accept(await log.topics(prefix, limit, search)),
    "topics.tree": async ({ parent = null, after = null, limit = 200 }) => {
      const { nodes, more } = await log.topicLevel(parent, limit, after);
      return accept({ parent, nodes: nodes.map((node) => withFigures(node, hub.topicFigures.of(node.topic))), more });
    },
    "topics.nodes": async ({ topics, recent = 0 }) => {
      const { nodes, known } = await log.topicNodes(topics, recent);
      return accept({ nodes: nodes.map((node) => withFigures(node, hub.topicFigures.of(node.topic))), known });
    },
    "topics.history": ({ field, ...wanted }) => log.history({ ...wanted, field }),
    "topics.clearRetained": async ({ topic }) => {
      const fault = topicFault(topic);
      if (fault) return refuse("TOPIC_INVALID", `This cannot be a topic: ${fault}.`, { topic });
      if (retainedOn(topic) === null) return refuse("RETAINED_NOT_FOUND", `There is no retained event on ${topic}.`, { topic });
      return hub.publish({ topic, payload: new Uint8Array(), retain: true });
    },
    "sessions.list": async ({ limit = MAX_SESSIONS }) => accept(sessions.list(limit)),
    "sessions.disconnect": async ({ id }) => {
      const ended = sessions.disconnect(id);
      return ended.ok ? accept({}) : ended;
    },
    "keys.list": async () => accept({ keys: keys.list().map(toKeyInfo) }),
    "keys.add": async ({ name, expiresAt = null, publish = EVERY_TOPIC, subscribe = EVERY_TOPIC }) => {
      const added = await keys.add({ name, expiresAt, publish, subscribe });
      return added.ok ? accept({ ...toKeyInfo(added.value.key), secret: added.value.secret }) : added;
    },
    "keys.enable": async ({ name, enabled }) => {
      const changed = keys.enable(name, enabled);
      return changed.ok ? accept(toKeyInfo(changed.value)) : changed;
    },
    "keys.revoke": async ({ name }) => {
      const revoked = keys.revoke(name);
      return revoked.ok ? accept({}) : revoked;
    },
    "listeners.list": async () => accept({ listeners: hub.listeners.list() }),
    "listeners.save": ({ name, address }) => hub.listeners.save(name, address),
    "listeners.reset": ({ name }) => hub.listeners.reset(name),
    "tunnels.list": async () => accept(await hub.tunnels.list()),
    "tunnels.save": (tunnel) => hub.tunnels.save(tunnel),
    "tunnels.remove": async ({ name }) => {
      const removed = await hub.tunnels.remove(name);
      return removed.ok ? accept({}) : removed;
    },
    "tunnels.open": ({ name }) => hub.tunnels.open(name),
    "tunnels.close": ({ name }) => hub.tunnels.close(name),
    "tunnels.test": ({ name }) => hub.tunnels.test(name),
    ...createDeliveryHandlers(hub),
    "tls.get": async () => accept(hub.certificate.info()),
    "tls.renew": () => hub.certificate.renew(),
  } satisfies CallHandlers;
}

/** RFC 4648 §4, padded; Node's own decoder would skip what it does not know. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function toBytes(payload: string, encoding: "utf8" | "base64"): Result<Uint8Array> {
  if (encoding === "utf8") {
    if (payload.isWellFormed()) return accept(Buffer.from(payload, "utf8"));
    return refuse("PARAMS_INVALID", 'The parameter "payload" is not valid Unicode. Send bytes with "encoding": "base64".', {
      parameter: "payload",
    });
  }
  if (payload.length % 4 === 0 && BASE64.test(payload)) return accept(Buffer.from(payload, "base64"));
  return refuse("PARAMS_INVALID", 'The parameter "payload" is not base64 (RFC 4648 §4, with padding).', { parameter: "payload" });
}
