import { MAX_CHUNK_BYTES, type CallName, type CallParams, type CallResult } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { KeyInfo } from "../contract/key.ts";
import { MAX_SESSIONS } from "../contract/session.ts";
import { topicFault } from "../contract/topic.ts";
import type { Hub } from "../hub/hub.ts";
import type { KeyDirectory } from "../hub/ports.ts";

export type CallHandlers = { readonly [N in CallName]: (params: CallParams<N>) => Promise<Result<CallResult<N>>> };

/** What each call does. Parameters have been parsed; what only the hub can judge (a topic, a name), it refuses itself. */
export function createCallHandlers(hub: Hub, keys: KeyDirectory): CallHandlers {
  const { log, sources, sessions } = hub;
  const retainedOn = (topic: string): boolean => {
    let found = false;
    hub.retained(topic, () => (found = true));
    return found;
  };
  return {
    "hub.status": async () => accept(hub.status()),
    "events.query": (query) => log.query(query),
    "events.get": ({ id }) => log.get(id),
    "events.body": ({ id, offset = 0, length = MAX_CHUNK_BYTES }) => log.body(id, offset, length),
    "events.timeline": ({ from, to, buckets, filter }) => log.timeline(from, to, buckets, filter),
    "events.publish": async ({ topic, payload, encoding = "utf8", contentType = null, retain = false }) => {
      const bytes = toBytes(payload, encoding);
      return bytes.ok ? hub.publish({ topic, payload: bytes.value, contentType, retain }) : bytes;
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
    "sources.save": ({ name, answer }) => sources.save(name, answer),
    "sources.remove": async ({ name }) => {
      const removed = await sources.remove(name);
      return removed.ok ? accept({}) : removed;
    },
    "topics.list": async ({ prefix = "", limit = 100 }) => accept(await log.topics(prefix, limit)),
    "topics.tree": async ({ parent, limit = 200 }) => {
      const above = parent === undefined || parent === "" ? null : parent;
      const { nodes, more } = await log.topicLevel(above, limit);
      const figures = hub.topicFigures.below(above);
      return accept({
        parent: above,
        nodes: nodes.map((node) => {
          const { count, perSecond } = figures.get(node.name) ?? { count: 0, perSecond: 0 };
          return { ...node, count, perSecond: Math.round(perSecond * 10) / 10, retained: node.isTopic && retainedOn(node.topic) };
        }),
        more,
      });
    },
    "topics.history": ({ field, ...wanted }) => log.history({ ...wanted, field }),
    "topics.clearRetained": async ({ topic }) => {
      const fault = topicFault(topic);
      if (fault) return refuse("TOPIC_INVALID", `This cannot be a topic: ${fault}.`, { topic });
      if (!retainedOn(topic)) return refuse("RETAINED_NOT_FOUND", `There is no retained event on ${topic}.`, { topic });
      return hub.publish({ topic, payload: new Uint8Array(), retain: true });
    },
    "sessions.list": async ({ limit = MAX_SESSIONS }) => accept(sessions.list(limit)),
    "sessions.disconnect": async ({ id }) => {
      const ended = sessions.disconnect(id);
      return ended.ok ? accept({}) : ended;
    },
    "keys.list": async () => accept({ keys: keys.list().map(toKeyInfo) }),
    "keys.add": async ({ name, expiresAt = null, publish = ["#"], subscribe = ["#"] }) => {
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
    "tls.get": async () => accept(hub.certificate.info()),
    "tls.renew": () => hub.certificate.renew(),
  } satisfies CallHandlers;
}

/** The hash stays where it is. */
function toKeyInfo({ name, createdAt, expiresAt, enabled, publish, subscribe }: KeyInfo): KeyInfo {
  return { name, createdAt, expiresAt, enabled, publish, subscribe };
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
