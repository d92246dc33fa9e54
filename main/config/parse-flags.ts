import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { accept, refuse, type Result } from "../contract/errors.ts";
import { closest } from "../platform/closest.ts";
import { SETTING_KEYS, SETTINGS } from "./settings.ts";

/** By name without dashes: a string, true or false for a switch, or several strings. */
export type FlagValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface ParsedFlags {
  readonly values: FlagValues;
  readonly positionals: readonly string[];
}

/** The flags of all settings (and `config`), as node:util's parseArgs wants them; a command adds its own. */
export const SETTING_FLAGS: ParseArgsOptionsConfig = {
  config: { type: "string" },
  ...Object.fromEntries(
    SETTING_KEYS.map((key) => {
      const { name, value, multiple } = SETTINGS[key];
      return [name, { type: value === null ? "boolean" : "string", ...(multiple ? { multiple } : {}) } as const];
    }),
  ),
};

/** Reads a command line made of these flags and of words. Refuses an unknown or incomplete flag with CONFIG_INVALID. */
export function parseFlags(argv: readonly string[], flags: ParseArgsOptionsConfig = SETTING_FLAGS): Result<ParsedFlags> {
  try {
    const { values, positionals } = parseArgs({
      args: switchesAsWords(argv, flags),
      options: flags,
      allowPositionals: true,
      allowNegative: true,
    });
    return accept({ values, positionals });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const word = /'(--?[^' ]+)/.exec(message)?.[1] ?? "";
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION") return refuse("CONFIG_INVALID", `${message.split(".")[0] ?? message}.`, { flag: word });
    const near = closest(word.replace(/^-+/, ""), Object.keys(flags));
    const advice = near ? `Did you mean --${near}?` : "See --help for those there are.";
    return refuse("CONFIG_INVALID", `There is no option ${word}. ${advice}`, { flag: word });
  }
}

/** parseArgs takes `--switch` and `--no-switch` but not `--switch=false`. */
function switchesAsWords(argv: readonly string[], flags: ParseArgsOptionsConfig): string[] {
  return argv.map((word) => {
    const [, name = "", value = ""] = /^--([^=]+)=(true|false)$/.exec(word) ?? [];
    if (flags[name]?.type !== "boolean") return word;
    return value === "true" ? `--${name}` : `--no-${name}`;
  });
}
