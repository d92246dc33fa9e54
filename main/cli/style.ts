import { styleText } from "node:util";
import type { CliIo, Output } from "./io.ts";

type Format = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

export type Style = (format: Format, text: string) => string;

/** Colours only on a terminal, and never with NO_COLOR (no-color.org: any value but the empty one). */
export function createStyle(io: CliIo, output: Output): Style {
  const plain = !output.isTTY || (io.env["NO_COLOR"] ?? "") !== "" || io.env["TERM"] === "dumb";
  return (format, text) => (plain ? text : styleText(format, text, { validateStream: false }));
}
