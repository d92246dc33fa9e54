import type { CliIo, Output } from "../../main/cli/io.ts";

export interface FakeIo extends CliIo {
  /** What was written so far. */
  out(): string;
  err(): string;
  /** As Ctrl-C. */
  interrupt(): void;
  /** As `| head` when it has seen enough. */
  closeOutput(): void;
  readonly exits: readonly number[];
}

/** A command line's world in memory: no terminal unless said. */
export function createFakeIo({
  env = {},
  input = [],
  isTTY = false,
}: { env?: Record<string, string>; input?: readonly Uint8Array[]; isTTY?: boolean } = {}): FakeIo {
  const closed = new AbortController();
  const listeners = new Set<() => void>();
  const exits: number[] = [];
  const stdout = createFakeOutput(isTTY, closed.signal);
  const stderr = createFakeOutput(isTTY, new AbortController().signal);
  return {
    env,
    stdin: {
      isTTY: input.length === 0 && isTTY,
      async *[Symbol.asyncIterator]() {
        yield* input;
      },
    },
    stdout,
    stderr,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onHangup: () => () => undefined,
    onCrash: () => undefined,
    exitNow: (code) => void exits.push(code),
    out: () => stdout.text(),
    err: () => stderr.text(),
    interrupt: () => listeners.forEach((listener) => listener()),
    closeOutput: () => closed.abort(),
    exits,
  };
}

function createFakeOutput(isTTY: boolean, closed: AbortSignal): Output & { text(): string } {
  let text = "";
  return {
    isTTY,
    columns: 80,
    closed,
    write: (more) => {
      text += more;
      return Promise.resolve();
    },
    text: () => text,
  };
}
