import type { HubEvent } from "../../hub/ports.ts";
import type { Subscription } from "./wire/parse-subscribe.ts";

export interface ReplayOptions {
  readonly send: (event: HubEvent, subscription: Subscription) => void;
  /** Does the peer take more? */
  readonly hasRoom: () => boolean;
}

/** Retained events on their way to a peer's new subscriptions, as fast as the peer takes them. */
export class RetainedReplay {
  readonly #options: ReplayOptions;
  /** By filter: a subscription made anew begins anew. */
  readonly #waiting = new Map<string, { readonly subscription: Subscription; readonly events: Iterator<HubEvent | null> }>();
  #giving = false;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  get isDone(): boolean {
    return this.#waiting.size === 0;
  }

  /** `events`: null is a moment to let others work. */
  add(subscription: Subscription, events: Iterator<HubEvent | null>): void {
    this.#waiting.set(subscription.filter, { subscription, events });
  }

  remove(filter: string): void {
    this.#waiting.delete(filter);
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** To be called again when there is room. */
  give(): void {
    if (this.#giving) return; // An event that cannot be sent at all comes back here.
    this.#giving = true;
    for (const filter of this.#waiting.keys()) if (!this.#giveOf(filter)) break;
    this.#giving = false;
  }

  /** False when the others have to wait. */
  #giveOf(filter: string): boolean {
    const { hasRoom, send } = this.#options;
    for (;;) {
      const one = this.#waiting.get(filter);
      if (one === undefined) return true;
      if (!hasRoom()) return false;
      const { done, value: event } = one.events.next();
      if (done === true) this.#waiting.delete(filter);
      else if (event === null) {
        setImmediate(() => this.give());
        return false;
      } else send(event, one.subscription);
    }
  }
}
