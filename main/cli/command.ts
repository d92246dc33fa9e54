import type { FlagValues } from "../config/parse-flags.ts";
import type { CliIo } from "./io.ts";

/** One `--option`, as data: parsing and help are both made from it. */
export interface OptionSpec {
  readonly type: "boolean" | "string";
  readonly short?: string;
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What stands for the value in help, e.g. `HOST:PORT`. */
  readonly value?: string;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export interface CommandSpec {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What follows `signalbox `, e.g. `publish <topic> [payload|-] [options]`. */
  readonly usage: string;
  /** Lines for the command's own help. */
  readonly about: readonly string[];
  readonly arguments: { readonly min: number; readonly max: number };
  readonly options: OptionSpecs;
  readonly examples: readonly (readonly [line: string, what: string])[];
}

/** What a command was given, checked against its spec. */
export interface CommandInput {
  readonly arguments: readonly string[];
  readonly flags: FlagValues;
  readonly json: boolean;
}

export interface Command extends CommandSpec {
  /** Gives the exit code; an expected failure is thrown as RefusalError, a wrong use as UsageError. */
  run(input: CommandInput, io: CliIo): Promise<number>;
}

/** The command line itself is wrong: told with the way to the help, exit code 2. */
export class UsageError extends Error {
  /** The command whose help would say it, or null for the general help. */
  readonly command: string | null;

  constructor(message: string, command: string | null) {
    super(message);
    this.name = "UsageError";
    this.command = command;
  }
}

export function flagText({ flags }: CommandInput, name: string): string | undefined {
  const value = flags[name];
  return typeof value === "string" ? value : undefined;
}

/** A flag that is a whole number of at least `min`. */
export function flagNumber(input: CommandInput, command: string, name: string, min: number): number | undefined {
  const text = flagText(input, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min)
    throw new UsageError(`--${name} takes a whole number of at least ${min}, not "${text}".`, command);
  return value;
}
