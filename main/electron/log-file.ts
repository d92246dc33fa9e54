import { appendFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { makeFolders } from "../platform/make-folders.ts";

/** The file is put aside when it has grown to this; so many old ones are kept. */
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_OLD = 2;

/** What a child process says; Electron's own type has more. */
interface Speaking {
  readonly stdout: NodeJS.ReadableStream | null;
  readonly stderr: NodeJS.ReadableStream | null;
}

export interface LogFile {
  /** Null when it cannot be written. */
  readonly path: string | null;
  /** Why not. */
  readonly failure: string | null;
  write(text: string | Uint8Array): void;
  /** A sentence of the app's own, with the time. */
  readonly note: (text: string) => void;
  /** Writes down whatever the process says, and passes it on to this one's stderr. */
  takeFrom(child: Speaking): void;
}

/**
 * What the desktop app and its hub have to say, in a file a person can find: a window has no terminal. Written at once,
 * so that the last words before a crash are there. `signalbox.log` is the newest, `signalbox.1.log` the one before.
 */
export function openLogFile(folder: string, maxBytes: number = MAX_BYTES): LogFile {
  const path = join(folder, "signalbox.log");
  let bytes = 0;
  let failure: string | null = null;

  const attempt = (work: () => void): void => {
    if (failure !== null) return;
    try {
      work();
    } catch (error) {
      failure = (error as Error).message;
      process.stderr.write(`The log file ${path} cannot be written: ${failure}\n`);
    }
  };
  const rotate = (): void => {
    for (let old = MAX_OLD; old > 0; old -= 1) renameIfThere(old === 1 ? path : nameOf(folder, old - 1), nameOf(folder, old));
    bytes = 0;
  };
  const write = (text: string | Uint8Array): void =>
    attempt(() => {
      if (bytes > 0 && bytes + text.length > maxBytes) rotate();
      appendFileSync(path, text, { mode: 0o600 });
      bytes += text.length;
    });

  attempt(() => {
    makeFolders(folder);
    bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  });
  return {
    get path() {
      return failure === null ? path : null;
    },
    get failure() {
      return failure;
    },
    write,
    note(text) {
      console.error(text);
      write(`${JSON.stringify({ level: "app", time: Date.now(), msg: text })}\n`);
    },
    takeFrom({ stdout, stderr }) {
      for (const stream of [stdout, stderr] as (Readable | null)[])
        stream?.on("data", (chunk: Uint8Array) => {
          write(chunk);
          process.stderr.write(chunk);
        });
    },
  };
}

function nameOf(folder: string, old: number): string {
  return join(folder, `signalbox.${old}.log`);
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
