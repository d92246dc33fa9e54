/** What a command touches of the world, so that a test can give its own. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Ctrl-C or SIGTERM, each time; while nobody listens the process simply ends. */
  onInterrupt(listener: () => void): () => void;
  /** SIGHUP, by which a program in the background is told to look at its files again; for one with a terminal it is the terminal's end. */
  onHangup(listener: () => void): () => void;
  /** An exception nobody caught: the state is unknown, so the listener can only say so and end. */
  onCrash(listener: (error: unknown) => void): void;
  /** Ends the process now, whatever it is doing. */
  exitNow(code: number): void;
}

export interface Output {
  /** Undefined, too, when it is none (node:tty). */
  readonly isTTY: boolean | undefined;
  /** Width of the terminal; 80 when there is none. */
  readonly columns: number;
  /** Aborted when nobody reads any more (`| head`): not an error, but no reason to go on either. */
  readonly closed: AbortSignal;
  /** Resolves when the reader has room for more. */
  write(text: string): Promise<void>;
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

export function createProcessIo(): CliIo {
  return {
    env: process.env,
    stdin: process.stdin,
    stdout: toOutput(process.stdout),
    stderr: toOutput(process.stderr),
    onInterrupt(listener) {
      const heard = () => listener();
      for (const signal of SIGNALS) process.on(signal, heard);
      return () => SIGNALS.forEach((signal) => process.off(signal, heard));
    },
    onHangup(listener) {
      if (process.stdin.isTTY || process.platform === "win32") return () => undefined;
      process.on("SIGHUP", listener);
      return () => process.off("SIGHUP", listener);
    },
    onCrash: (listener) => void process.on("uncaughtException", listener),
    exitNow: (code) => process.exit(code),
  };
}

function toOutput(stream: NodeJS.WriteStream): Output {
  const gone = new AbortController();
  stream.on("error", (error: NodeJS.ErrnoException) => {
    gone.abort();
    // Nobody reads on (EPIPE): the reader's choice. A full disk behind `>` is a failure to be told, and nothing to go on with.
    if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return;
    if (stream !== process.stderr) process.stderr.write(`signalbox: The output cannot be written: ${error.message}\n`);
    process.exit(1);
  });
  return {
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns ?? 80;
    },
    closed: gone.signal,
    write(text) {
      if (gone.signal.aborted || stream.write(text)) return Promise.resolve();
      return new Promise((resolve) => {
        const go = () => {
          stream.off("drain", go);
          gone.signal.removeEventListener("abort", go);
          resolve();
        };
        stream.once("drain", go);
        gone.signal.addEventListener("abort", go);
      });
    },
  };
}
