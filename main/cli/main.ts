import manifest from "../../package.json" with { type: "json" };
import { RefusalError, type Refusal } from "../contract/errors.ts";
import { UsageError, type Command } from "./command.ts";
import { EXIT, toExitCode } from "./exit-codes.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { createProcessIo, type CliIo } from "./io.ts";
import { keys } from "./keys.ts";
import { open } from "./open.ts";
import { parseCommandLine } from "./parse-command-line.ts";
import { publish } from "./publish.ts";
import { toJsonLine, toSafeText } from "./safe-text.ts";
import { salvage } from "./salvage.ts";
import { serve } from "./serve.ts";
import { sources } from "./sources.ts";
import { status } from "./status.ts";
import { createStyle } from "./style.ts";
import { tail } from "./tail.ts";
import { tunnel } from "./tunnel.ts";

/** In the order of the help. */
export const COMMANDS: readonly Command[] = [serve, status, tail, publish, tunnel, sources, keys, open, salvage];

/** Runs one command line (without the program's own name) and gives the exit code. Never throws. */
export async function runCli(argv: readonly string[], io: CliIo = createProcessIo()): Promise<number> {
  const json = argv.includes("--json");
  try {
    const line = parseCommandLine(argv, COMMANDS);
    switch (line.kind) {
      case "help": {
        const style = createStyle(io, io.stdout);
        await io.stdout.write(line.command ? commandHelp(line.command, style) : generalHelp(COMMANDS, manifest.version, style));
        return EXIT.ok;
      }
      case "version":
        await io.stdout.write(`${manifest.version}\n`);
        return EXIT.ok;
      case "run":
        return await line.command.run(line.input, io);
    }
  } catch (error) {
    return tell(error, json, io);
  }
}

/** One clear message on stderr, or one JSON object `{"error":{"code","message","details"}}` with `--json`. */
async function tell(error: unknown, json: boolean, io: CliIo): Promise<number> {
  const { refusal, exitCode, hint } = explain(error);
  const style = createStyle(io, io.stderr);
  await io.stderr.write(
    json
      ? toJsonLine({ error: refusal })
      : `${style("red", "signalbox:")} ${toSafeText(refusal.message)}${hint === null ? "" : `\n${hint}`}\n`,
  );
  return exitCode;
}

function explain(error: unknown): { refusal: Refusal; exitCode: number; hint: string | null } {
  if (error instanceof UsageError) {
    const hint = `See: signalbox ${error.command === null ? "" : `${error.command} `}--help`;
    return { refusal: { code: "PARAMS_INVALID", message: error.message }, exitCode: EXIT.usage, hint };
  }
  if (error instanceof RefusalError) {
    const { code, message, details } = error;
    return { refusal: details ? { code, message, details } : { code, message }, exitCode: toExitCode(code), hint: null };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    refusal: { code: "INTERNAL", message: `This is a bug in Signalbox; please report it. ${stack}` },
    exitCode: EXIT.failed,
    hint: null,
  };
}
