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
  const { inspector, pid } = parseHubFile(text);
  // What listens there now may be another program, which must not be given the token.
  if (pid !== null && !isRunning(pid))
    throw unreachable(
      `The hub of the data folder ${dataFolder} (process ${pid}) ended without a goodbye; ${file} is what it left.`,
      dataFolder,
    );
  if (inspector === null)
    throw unreachable(`The hub of the data folder ${dataFolder} has no inspector, or ${file} is not readable.`, dataFolder);
  return inspector;
}

function parseHubFile(text: string): { inspector: string | null; pid: number | null } {
  try {
    const { inspector, pid } = Object(JSON.parse(text)) as { inspector?: unknown; pid?: unknown };
    return {
      inspector: typeof inspector === "string" && URL.canParse(inspector) ? inspector : null,
      pid: Number.isInteger(pid) && Number(pid) > 0 ? Number(pid) : null,
    };
  } catch {
    return { inspector: null, pid: null };
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // sends nothing, only asks
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** HUB_UNREACHABLE with the way to a hub. */
export function unreachable(what: string, dataFolder: string): RefusalError {
  const message = `${what} Start one with: signalbox serve --data ${dataFolder}  Or name another folder with --data, or a hub's address with --inspector and --token.`;
  return new RefusalError({ code: "HUB_UNREACHABLE", message, details: { dataFolder } });
}
