/** A delivery that is not finished, as its endpoint keeps it: what is sent is read from the log when its turn comes. */
export interface OwedDelivery {
  readonly id: number;
  readonly seq: number;
  readonly lane: string | null;
  attempts: number;
  failures: number;
}

/** Deliveries of one endpoint that wait for their next attempt, in order of when it is due; of each lane only the first may go. */
export interface WaitingDeliveries {
  /** `dueAt` by the clock that never goes back. */
  add(delivery: OwedDelivery, dueAt: number): void;
  /** The first that is due, and no longer waiting; its lane stays taken until it is released or added again. */
  take(now: number): OwedDelivery | null;
  /** It is finished: the next of its lane has its turn. */
  release(delivery: OwedDelivery): void;
  /** Has an earlier delivery of the lane not been finished? */
  isTaken(lane: string | null): boolean;
  /** When the next may go; null when none waits for a time. */
  nextDueAt(): number | null;
  /** All that wait, those behind others included. */
  readonly size: number;
}

interface Entry {
  readonly delivery: OwedDelivery;
  readonly dueAt: number;
}

interface Lane {
  /** Who has the turn: it waits for its time, or is under way. */
  readonly first: number;
  readonly behind: Entry[];
}

export function createWaitingDeliveries(): WaitingDeliveries {
  /** The latest first, so that the next is taken from the end. */
  const due: Entry[] = [];
  const lanes = new Map<string, Lane>();
  let behind = 0;

  function insert(entry: Entry): void {
    let low = 0;
    let high = due.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (goesBefore(entry, due[middle]!)) low = middle + 1;
      else high = middle;
    }
    due.splice(low, 0, entry);
  }

  return {
    add(delivery, dueAt) {
      const entry = { delivery, dueAt };
      const lane = delivery.lane === null ? undefined : lanes.get(delivery.lane);
      if (lane !== undefined && lane.first !== delivery.id) {
        lane.behind.push(entry);
        behind += 1;
        return;
      }
      if (delivery.lane !== null && lane === undefined) lanes.set(delivery.lane, { first: delivery.id, behind: [] });
      insert(entry);
    },
    take(now) {
      const next = due.at(-1);
      if (next === undefined || next.dueAt > now) return null;
      due.pop();
      return next.delivery;
    },
    release({ lane: name }) {
      const lane = name === null ? undefined : lanes.get(name);
      if (name === null || lane === undefined) return;
      const [next, ...others] = lane.behind;
      if (next === undefined) return void lanes.delete(name);
      behind -= 1;
      lanes.set(name, { first: next.delivery.id, behind: others });
      insert(next);
    },
    isTaken: (lane) => lane !== null && lanes.has(lane),
    nextDueAt: () => due.at(-1)?.dueAt ?? null,
    get size() {
      return due.length + behind;
    },
  };
}

/** Sooner due, or older. */
function goesBefore(a: Entry, b: Entry): boolean {
  return a.dueAt === b.dueAt ? a.delivery.id < b.delivery.id : a.dueAt < b.dueAt;
}
