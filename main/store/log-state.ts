import type { LogState } from "../contract/status.ts";
import type { WriteState } from "./writer-messages.ts";

/** The log's state as people are told it, out of what its threads report. */
export interface LogStateKeeper {
  readonly state: LogState;
  readonly reason: string | null;
  /** What the writer last said of itself. */
  writing(state: WriteState, reason: string | null): void;
  /** Damage stays until the next start, whatever else happens. May be called again as more is known. */
  damaged(reason: string): void;
  closed(): void;
}

export function createLogState(onChange: () => void): LogStateKeeper {
  let write: { readonly state: WriteState; readonly reason: string | null } = { state: "open", reason: null };
  let damage: string | null = null;
  let closed = false;

  function change(make: () => void): void {
    const [state, reason] = [keeper.state, keeper.reason];
    make();
    if (keeper.state !== state || keeper.reason !== reason) onChange();
  }

  const keeper: LogStateKeeper = {
    get state() {
      if (closed) return "closed";
      return damage === null ? write.state : "damaged";
    },
    get reason() {
      if (closed) return "Signalbox has been stopped.";
      return damage ?? write.reason;
    },
    writing: (state, reason) => change(() => (write = { state, reason })),
    damaged: (reason) => change(() => (damage = reason)),
    closed: () => change(() => (closed = true)),
  };
  return keeper;
}
