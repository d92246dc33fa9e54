import type { Command, OptionSpecs } from "./command.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { COMMON_OPTIONS } from "./parse-command-line.ts";
import type { Style } from "./style.ts";

type Row = readonly [left: string, right: string];

export function generalHelp(commands: readonly Command[], version: string, style: Style): string {
  const heading = (text: string) => style("bold", text);
  return lines(
    `Signalbox ${version}: takes webhooks, stores every event before it acknowledges it, and shows it all live.`,
    "",
    `${heading("Usage:")} signalbox <command> [options]`,
    "",
    heading("Commands:"),
    ...table(commands.map(({ name, summary }) => [name, summary])),
    "",
    heading("Options:"),
    ...table([
      ["-h, --help", "show this help; after a command, that command's"],
      ["-v, --version", "print the version"],
    ]),
    "",
    heading("Examples:"),
    ...commands.flatMap(({ examples }) => examples.slice(0, 1)).map(([line]) => `  ${line}`),
    "",
    heading("Exit codes:"),
    ...exitCodes(),
  );
}

export function commandHelp(command: Command, style: Style): string {
  const heading = (text: string) => style("bold", text);
  return lines(
    `${heading("Usage:")} signalbox ${command.usage}`,
    "",
    ...command.about,
    "",
    heading("Options:"),
    ...table(Object.entries({ ...command.options, ...COMMON_OPTIONS } satisfies OptionSpecs).map(optionRow)),
    "",
    heading("Examples:"),
    ...command.examples.flatMap(([line, what]) => [`  ${line}`, `      ${style("dim", what)}`]),
    "",
    heading("Exit codes:"),
    ...exitCodes(),
  );
}

function optionRow([name, { short, type, value, help }]: [string, OptionSpecs[string]]): Row {
  const argument = type === "string" ? ` <${value ?? "value"}>` : "";
  return [`${short === undefined ? "    " : `-${short}, `}--${name}${argument}`, help];
}

function exitCodes(): string[] {
  return table(EXIT_CODES.map(([code, meaning]) => [String(code).padStart(3), meaning]));
}

function table(rows: readonly Row[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

function lines(...all: string[]): string {
  return `${all.join("\n")}\n`;
}
