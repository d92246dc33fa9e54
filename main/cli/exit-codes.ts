import type { ErrorCode } from "../contract/errors.ts";

/** What a command answers to the shell. These numbers are kept: scripts depend on them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, store: 4, listen: 5, forced: 130 } as const;

/** The same for a person, in `--help`. */
export const EXIT_CODES: readonly (readonly [code: number, meaning: string])[] = [
  [EXIT.ok, "done"],
  [EXIT.failed, "refused or failed; the message says why"],
  [EXIT.usage, "the command line or a setting is wrong"],
  [EXIT.unreachable, "no hub can be reached"],
  [EXIT.store, "the log cannot be opened: missing, in use, damaged, newer, foreign or read-only"],
  [EXIT.listen, "an address cannot be listened on: port busy or not allowed"],
  [EXIT.forced, "made to end at once by a second Ctrl-C"],
];

export function toExitCode(code: ErrorCode): number {
  if (code.startsWith("STORE_")) return EXIT.store;
  switch (code) {
    case "HUB_UNREACHABLE":
      return EXIT.unreachable;
    case "PORT_BUSY":
    case "LISTEN_REFUSED":
      return EXIT.listen;
    case "CONFIG_INVALID":
    case "PARAMS_INVALID":
    case "FILTER_INVALID":
    case "TOPIC_INVALID":
      return EXIT.usage;
    default:
      return EXIT.failed;
  }
}
