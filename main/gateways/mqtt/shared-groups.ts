import type { HubEvent, NewEvent } from "../../hub/ports.ts";
import type { Session } from "./session.ts";
import type { SessionContext } from "./session-context.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";

/** Shared subscriptions (§4.8.2): each event goes to one member of the group. */
export interface SharedGroups {
  /** `filter` is the part after the group's name. */
  join(group: string, filter: string, session: Session, subscription: Subscription): void;
  leave(group: string, filter: string, session: Session): void;
}

interface Group {
  readonly members: Map<Session, Subscription>;
  readonly remove: () => void;
}

export function createSharedGroups(context: Pick<SessionContext, "createSubscriber">): SharedGroups {
  const groups = new Map<string, Group>();
  const keyOf = (group: string, filter: string): string => `${group}/${filter}`;

  function give(members: Map<Session, Subscription>, event: HubEvent | NewEvent): void {
    // In turn, those that are connected first; a kept session takes it when nobody is there.
    for (const mustBeThere of [true, false]) {
      for (const [session, subscription] of members) {
        if (mustBeThere && session.link === null) continue;
        if (!session.deliverShared(event, subscription)) continue;
        members.delete(session);
        members.set(session, subscription);
        return;
      }
    }
  }

  return {
    join(group, filter, session, subscription) {
      const key = keyOf(group, filter);
      let found = groups.get(key);
      if (!found) {
        const members = new Map<Session, Subscription>();
        const added = context.createSubscriber((event) => give(members, event)).subscribe(filter, subscription);
        if (!added.ok) return;
        groups.set(key, (found = { members, remove: added.value }));
      }
      found.members.set(session, subscription);
    },
    leave(group, filter, session) {
      const found = groups.get(keyOf(group, filter));
      if (!found?.members.delete(session) || found.members.size > 0) return;
      found.remove();
      groups.delete(keyOf(group, filter));
    },
  };
}
