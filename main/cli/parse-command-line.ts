import type { ParseArgsOptionsConfig } from "node:util";
import { parseFlags } from "../config/parse-flags.ts";
import { closest } from "../platform/closest.ts";
import { UsageError, type Command, type CommandInput, type OptionSpecs } from "./command.ts";

export type CommandLine =
  | { readonly kind: "help"; readonly command: Command | null }
  | { readonly kind: "version" }
  | { readonly kind: "run"; readonly command: Command; readonly input: CommandInput };

/** Every command takes these. */
export const COMMON_OPTIONS: OptionSpecs = {
  json: { type: "boolean", help: "print JSON for programs instead of text for people" },
  help: { type: "boolean", short: "h", help: "show this help" },
};

/** Foreign words → what is to be done. Throws UsageError with a "did you mean" where there is one. */
export function parseCommandLine(argv: readonly string[], commands: readonly Command[]): CommandLine {
  const [first, ...rest] = argv;
  if (first === undefined || first === "--help" || first === "-h") return { kind: "help", command: null };
  if (first === "--version" || first === "-v") return { kind: "version" };
  if (first === "help") return { kind: "help", command: rest[0] === undefined ? null : findCommand(rest[0], commands) };
  if (first.startsWith("-")) throw misplacedOption(first);

  const command = findCommand(first, commands);
  const parsed = parseFlags(rest, toFlags({ ...command.options, ...COMMON_OPTIONS }));
  if (!parsed.ok) throw new UsageError(parsed.refusal.message, command.name);
  const { json, help, ...flags } = parsed.value.values;
  if (help === true) return { kind: "help", command };
  const { positionals } = parsed.value;
  const { min, max } = command.arguments;
  if (positionals.length < min) throw new UsageError(`"${command.name}" needs more: signalbox ${command.usage}.`, command.name);
  if (positionals.length > max) throw new UsageError(`"${command.name}" does not take "${positionals[max]}".`, command.name);
  return { kind: "run", command, input: { arguments: positionals, flags, json: json === true } };
}

function findCommand(name: string, commands: readonly Command[]): Command {
  const found = commands.find((command) => command.name === name);
  if (found) return found;
  const near = closest(
    name,
    commands.map((command) => command.name),
  );
  throw new UsageError(`There is no command "${name}".${near === null ? "" : ` Did you mean "${near}"?`}`, null);
}

/** `signalbox --json status`: options stand behind the command they belong to. */
function misplacedOption(option: string): UsageError {
  const near = closest(option.replace(/^-+/, ""), ["help", "version"]);
  const advice = near === null ? "Options come after the command." : `Did you mean "--${near}"?`;
  return new UsageError(`There is no option "${option}" before a command. ${advice}`, null);
}

function toFlags(specs: OptionSpecs): ParseArgsOptionsConfig {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { type, short, multiple = false }]) => [
      name,
      short === undefined ? { type, multiple } : { type, short, multiple },
    ]),
  );
}
