import { MAX_CHUNK_BYTES, type CallName, type CallParams, type CallResult } from "../contract/calls.ts";
import { accept, refuse, type Result } from "../contract/errors.ts";
import type { Hub } from "../hub/hub.ts";

export type CallHandlers = { readonly [N in CallName]: (params: CallParams<N>) => Promise<Result<CallResult<N>>> };

/** What each call does. Parameters have been parsed; what only the hub can judge (a topic, a name), it refuses itself. */
export function createCallHandlers(hub: Hub): CallHandlers {
  const { log, sources } = hub;
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
