/** With nothing to remove, the log is looked at this often. */
const LOOK_MS = 1000;
/** A step is followed by a rest this many times as long, in which whatever waits for the writer has its turn. */
const REST = 2;

/** When the writer's thread removes events: a little at a time, and never while there is a message to be handled. */
export interface TrimTurns {
  soon(): void;
  stop(): void;
}

/** `step` removes a few and says whether there are more. */
export function createTrimTurns(step: () => boolean): TrimTurns {
  let timer = setTimeout(turn, LOOK_MS);

  function turn(): void {
    const startedAt = performance.now();
    const more = step();
    timer = setTimeout(turn, more ? Math.ceil((performance.now() - startedAt) * REST) : LOOK_MS);
  }

  return {
    soon() {
      clearTimeout(timer);
      timer = setTimeout(turn, 0);
    },
    stop: () => clearTimeout(timer),
  };
}
