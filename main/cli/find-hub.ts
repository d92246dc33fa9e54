import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { RefusalError } from "../contract/errors.ts";

/** Where a hub can be talked to, and with what. */
export interface HubAddress {
  /** Base URL of the inspector, without a slash at the end. */
  readonly inspector: string;
  readonly token: string;
}

export interface WhereToLook {
  readonly dataFolder: string;
  /** Named by hand: the data folder is then only asked for the token. */
  readonly inspector: string | undefined;
  readonly token: string | undefined;
}

/** Finds the running hub by what it left in its data folder. Throws RefusalError HUB_UNREACHABLE or TOKEN_REQUIRED. */
export async function findHub({ dataFolder, inspector, token }: WhereToLook): Promise<HubAddress> {
  const url = inspector ?? (await readHubFile(dataFolder));
  const secret = token ?? (await readFile(join(dataFolder, "token"), "utf8").catch(() => "")).trim();
  if (secret === "") {
    const message = `There is no token for ${url}: none in ${join(dataFolder, "token")}. Give it with --token or SIGNALBOX_TOKEN, or name the hub's folder with --data.`;
    throw new RefusalError({ code: "TOKEN_REQUIRED", message });
  }
  return { inspector: url.replace(/\/+$/, ""), token: secret };
}

async function readHubFile(dataFolder: string): Promise<string> {
  const file = join(dataFolder, "hub.json");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    throw unreachable(`No hub is running on the data folder ${dataFolder} (there is no ${file}).`, dataFolder);
  }
  const { inspector } = parseHubFile(text);
  if (inspector === null)
    throw unreachable(`The hub of the data folder ${dataFolder} has no inspector, or ${file} is not readable.`, dataFolder);
  return inspector;
}

function parseHubFile(text: string): { inspector: string | null } {
  try {
    const value: unknown = JSON.parse(text);
    const inspector = typeof value === "object" && value !== null && "inspector" in value ? value.inspector : null;
    return { inspector: typeof inspector === "string" && URL.canParse(inspector) ? inspector : null };
  } catch {
    return { inspector: null };
  }
}

/** HUB_UNREACHABLE with the way to a hub. */
export function unreachable(what: string, dataFolder: string): RefusalError {
  const message = `${what} Start one with: signalbox serve --data ${dataFolder}  Or name another folder with --data, or a hub's address with --inspector and --token.`;
  return new RefusalError({ code: "HUB_UNREACHABLE", message, details: { dataFolder } });
}
