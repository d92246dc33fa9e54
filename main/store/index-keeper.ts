import type { Clock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import type { Background } from "./open-background.ts";
import type { ReaderPool } from "./reader-pool.ts";

/** An index that is damaged again so soon is left alone: something else is wrong, and searching works without it. */
const REMAKE_AGAIN_MS = 60_000;

export interface IndexKeeperOptions {
  readonly path: string;
  readonly readers: ReaderPool;
  readonly background: Background;
  readonly clock: Pick<Clock, "now">;
  readonly logger: Logger;
}

/** Sees that all threads let go of a damaged index before the background makes a new one, and use it when it is there. */
export interface IndexKeeper {
  /** The background has the index open: the readers may use it. */
  ready(): void;
  /** A reader has let go of it without need. */
  letGo(): void;
  damaged(error: string): void;
}

export function createIndexKeeper({ path, readers, background, clock, logger }: IndexKeeperOptions): IndexKeeper {
  let remaking = false;
  let usable = false;
  let remadeAt = Number.NEGATIVE_INFINITY;

  async function remake(): Promise<void> {
    await readers.tellAll("detach", {});
    background.send({ t: "remake-index" });
  }

  function attempt(work: Promise<void>): void {
    work.catch(fail);
  }

  function fail(error: unknown): void {
    logger.error("the search index cannot be used; events are searched for without it", { error });
  }

  return {
    ready() {
      remaking = false;
      usable = true;
      attempt(readers.tellAll("attach", { path }));
    },
    letGo() {
      if (usable) attempt(readers.tellAll("attach", { path }));
    },
    damaged(error) {
      usable = false;
      if (remaking) return;
      if (clock.now() - remadeAt < REMAKE_AGAIN_MS) return fail(error);
      remaking = true;
      remadeAt = clock.now();
      logger.warn("the search index is damaged and is made anew from the log", { error });
      attempt(remake());
    },
  };
}
