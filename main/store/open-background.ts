import type { BackgroundStart, FromBackground, ToBackground } from "./background-messages.ts";
import type { LogProgress } from "./log-progress.ts";
import { startWorker } from "./worker-thread.ts";

export interface BackgroundOptions extends Omit<BackgroundStart, "progress"> {
  readonly progress: LogProgress;
  onMessage(message: FromBackground): void;
  onCrash(error: Error): void;
}

export interface Background {
  /** A commit was made: there is something to index. */
  nudge(): void;
  send(message: Exclude<ToBackground, { t: "close" }>): void;
  close(): Promise<void>;
}

export function openBackground(options: BackgroundOptions): Background {
  const { files, logId, progress } = options;
  const data: BackgroundStart = { files, logId, progress: progress.shared };
  const thread = startWorker<ToBackground, FromBackground>({
    file: "background-worker",
    data,
    onMessage: (message) => options.onMessage(message),
    onCrash: (error) => options.onCrash(error),
  });
  return {
    nudge() {
      if (progress.wake()) thread.send({ t: "wake" });
    },
    send: (message) => thread.send(message),
    async close() {
      thread.send({ t: "close" });
      await thread.exited;
    },
  };
}
