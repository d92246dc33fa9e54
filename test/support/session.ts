import type { SessionInfo } from "../../main/contract/session.ts";

/** A session as the inspector is told of it, with what a test wants otherwise. */
export function session(change: Partial<SessionInfo> = {}): SessionInfo {
  const subscriptions = change.subscriptions ?? [];
  return {
    id: "1",
    name: "pump",
    protocol: "mqtt",
    version: "5",
    connected: true,
    remoteAddress: "127.0.0.1",
    key: null,
    connectedAt: 1_700_000_000_000,
    received: { count: 0, perSecond: 0 },
    sent: { count: 0, perSecond: 0 },
    queuedEvents: 0,
    queuedBytes: 0,
    subscriptions,
    subscriptionCount: subscriptions.length,
    topics: [],
    will: null,
    ...change,
  };
}
