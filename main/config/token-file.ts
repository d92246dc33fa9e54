import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RefusalError } from "../contract/errors.ts";
import { parseToken } from "./parse-value.ts";

const TOKEN_BYTES = 32;

/** The inspector's token as kept in the data folder, readable by its owner alone; made when there is none. Throws CONFIG_INVALID. */
export function readOrMakeToken(dataFolder: string): string {
  const path = join(dataFolder, "token");
  const fresh = randomBytes(TOKEN_BYTES).toString("base64url");
  try {
    writeFileSync(path, `${fresh}\n`, { mode: 0o600, flag: "wx" });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const parsed = parseToken(readFileSync(path, "utf8").trim(), dataFolder);
  if ("value" in parsed) return parsed.value;
  const message = `The file ${path} holds no usable token. Expected: ${parsed.expected}. Remove the file to have a new one made.`;
  throw new RefusalError({ code: "CONFIG_INVALID", message, details: { setting: "token", file: path } });
}

/** Keeps a token that was given by a setting, so that the command line on this machine finds it. */
export function keepToken(dataFolder: string, token: string): void {
  writeFileSync(join(dataFolder, "token"), `${token}\n`, { mode: 0o600 });
}
