import { matchesTopic } from "../../contract/topic.ts";
import type { HubEvent, PeerDescription, SessionEntry, SessionRegistry } from "../../hub/ports.ts";
import { NEVER_EXPIRES, Session } from "./session.ts";
import type { SessionContext, SessionLink } from "./session-context.ts";
import type { SessionPeer } from "./session-rows.ts";
import { createSharedGroups } from "./shared-groups.ts";
import { splitShare, type Subscription } from "./wire/parse-subscribe.ts";

/** All sessions, connected or not. */
export interface Sessions {
  /** Whose the session of that client identifier is; undefined when there is none. */
  ownerOf(clientId: string): string | null | undefined;
  /** The session for a new connection; `present` when an earlier one goes on [MQTT-3.2.2-2]. */
  open(
    clientId: string,
    clean: boolean,
    expirySeconds: number,
    peer: SessionPeer,
  ): { readonly session: Session; readonly present: boolean };
  /** The connection is gone; the session ends now or when its time is up. */
  detach(session: Session, link: SessionLink, now: number): void;
  subscribe(session: Session, subscription: Subscription): boolean;
  unsubscribe(session: Session, filter: string): boolean;
  /** Ends the sessions whose time is up. */
  expire(now: number): void;
  /** How long the session outlives its connection; 0 when there is none that does. */
  expiryOf(clientId: string): number;
  /** Puts back what the rows say; before the first connection. */
  restore(subscriptions: Iterable<readonly [clientId: string, subscription: Subscription]>, now: number): void;
  /** Owes an event to the kept sessions that want it; before the first connection. */
  replay(event: HubEvent): void;
  /** Has anybody asked for No Local since the start? Only then it matters who published an event. */
  wantsPublishers(): boolean;
  count(): number;
  subscriptionCount(): number;
}

export interface SessionsOptions {
  readonly context: SessionContext;
  readonly maxSessions: number;
  /** Where those who are away are shown. */
  readonly registry: SessionRegistry;
  /** The will that waits for its delay. */
  readonly willOf: (clientId: string) => PeerDescription["will"];
  /** May the peer of a session still come back? Not when its key has been revoked. */
  readonly mayReturn: (peer: SessionPeer) => boolean;
  /** A session that was kept has ended. */
  readonly onEnded: (clientId: string) => void;
}

export function createSessions({ context, maxSessions, registry, willOf, mayReturn, onEnded }: SessionsOptions): Sessions {
  const sessions = new Map<string, Session>();
  const expiring = new Set<Session>();
  const away = new Map<Session, SessionEntry>();
  const groups = createSharedGroups(context);
  let subscriptionCount = 0;
  let wantsPublishers = false;

  function subscribe(session: Session, subscription: Subscription): boolean {
    if (subscription.noLocal) wantsPublishers = true;
    const share = splitShare(subscription.filter);
    if (share === null || share === "invalid") {
      const added = session.subscribe(subscription);
      if (added) subscriptionCount += 1;
      return added;
    }
    const before = session.subscriptions.has(subscription.filter);
    groups.join(share.group, share.filter, session, subscription);
    session.subscriptions.set(subscription.filter, { subscription, remove: () => groups.leave(share.group, share.filter, session) });
    if (!before) subscriptionCount += 1;
    return !before;
  }

  function end(session: Session): void {
    subscriptionCount -= session.subscriptions.size;
    session.end();
    expiring.delete(session);
    noLongerAway(session);
    if (sessions.get(session.clientId) === session) sessions.delete(session.clientId);
    onEnded(session.clientId);
  }

  function save({ clientId, durable, expirySeconds, expiresAt, peer }: Session, awaySince: number | null): void {
    if (durable) context.rows.saveSession(clientId, { expirySeconds, expiresAt, awaySince, peer });
  }

  function noLongerAway(session: Session): void {
    away.get(session)?.close();
    away.delete(session);
  }

  function isAway(session: Session, since: number): void {
    const { clientId, peer, subscriptions } = session;
    const entry = registry.add({
      awaySince: since,
      describe: () => ({
        ...peer,
        name: clientId,
        protocol: "mqtt",
        queuedEvents: session.queued,
        queuedBytes: session.queuedBytes,
        subscriptions: subscriptions.keys(),
        subscriptionCount: subscriptions.size,
        will: willOf(clientId),
      }),
      disconnect: () => end(session),
    });
    away.set(session, entry);
  }

  return {
    ownerOf: (clientId) => sessions.get(clientId)?.peer.key,
    expiryOf: (clientId) => sessions.get(clientId)?.expirySeconds ?? 0,
    open(clientId, clean, expirySeconds, peer) {
      const before = sessions.get(clientId);
      const present = before !== undefined && !clean;
      if (before !== undefined && clean) end(before);
      const session = present ? before : new Session(clientId, context);
      sessions.set(clientId, session);
      expiring.delete(session);
      noLongerAway(session);
      session.keepFor(sessions.size > maxSessions ? 0 : expirySeconds);
      session.expiresAt = null;
      session.peer = peer;
      save(session, null);
      return { session, present };
    },
    detach(session, link, now) {
      if (session.link !== link) return; // Another connection has taken it over.
      session.detach();
      if (!session.durable || !mayReturn(session.peer)) {
        end(session);
        return;
      }
      if (session.expirySeconds < NEVER_EXPIRES) {
        session.expiresAt = now + session.expirySeconds * 1000;
        expiring.add(session);
      }
      save(session, now);
      isAway(session, now);
    },
    subscribe,
    unsubscribe(session, filter) {
      const there = session.unsubscribe(filter);
      if (there) subscriptionCount -= 1;
      return there;
    },
    expire(now) {
      for (const session of expiring) if (session.expiresAt !== null && session.expiresAt <= now) end(session);
    },
    restore(subscriptions, now) {
      for (const [clientId, row] of context.rows.sessions()) {
        const session = new Session(clientId, context);
        session.keepFor(row.expirySeconds);
        session.peer = row.peer;
        // One that was connected when the hub ended has its time from now.
        session.expiresAt = row.expirySeconds >= NEVER_EXPIRES ? null : (row.expiresAt ?? now + row.expirySeconds * 1000);
        sessions.set(clientId, session);
        if (session.expiresAt !== null) expiring.add(session);
        isAway(session, row.awaySince ?? now);
      }
      for (const [clientId, subscription] of subscriptions) {
        const session = sessions.get(clientId);
        if (session) subscribe(session, subscription);
      }
      for (const [clientId, order, row] of context.rows.outgoing()) sessions.get(clientId)?.restoreOutgoing(order, row);
      for (const [clientId, packetId] of context.rows.incoming()) sessions.get(clientId)?.incoming.set(packetId, true);
      // Keys can be revoked while the hub is not running.
      for (const session of sessions.values()) if (!mayReturn(session.peer)) end(session);
    },
    replay(event) {
      const groupsServed = new Set<string>();
      for (const session of sessions.values()) {
        for (const { subscription } of session.subscriptions.values()) {
          const share = splitShare(subscription.filter);
          if (share === null || share === "invalid" || groupsServed.has(subscription.filter)) continue;
          if (matchesTopic(share.filter, event.topic) && session.deliverShared(event, subscription)) groupsServed.add(subscription.filter);
        }
        const matched = [...session.subscriptions.values()]
          .map((live) => live.subscription)
          .filter(({ filter }) => matchesTopic(filter, event.topic));
        if (matched.length > 0) session.replay(event, matched);
      }
    },
    wantsPublishers: () => wantsPublishers,
    count: () => sessions.size,
    subscriptionCount: () => subscriptionCount,
  };
}
