import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { toPublicUrl } from "../public-url.ts";
import { TunnelFault, type OpenContext, type ProviderSettings, type TunnelProvider } from "../tunnel.ts";

const WITHIN_MS = 45_000;
const STOP_WITHIN_MS = 5000;

const MISSING =
  "The program cloudflared is not on the PATH. Install it as developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads says, or give its place as binary.";

/** Cloudflare's own program: a quick tunnel, one made in the dashboard (token), or one made with `cloudflared tunnel create`. */
export const cloudflared: TunnelProvider = {
  id: "cloudflared",
  senderHeader: "cf-connecting-ip",
  unavailable: async () => (findOnPath("cloudflared", process.env["PATH"]) === null ? MISSING : null),
  async open(settings, context) {
    const binary = settings["binary"] ?? findOnPath("cloudflared", context.env["PATH"]);
    if (binary === null) throw new TunnelFault(MISSING, { needsPerson: true });
    const child = start(binary, settings, context);
    const ended = whenEnded(child);
    const close = async (): Promise<void> => {
      child.kill("SIGTERM");
      const cut = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
      await ended;
      clearTimeout(cut);
    };
    const onAbort = (): void => void close();
    context.signal.addEventListener("abort", onAbort, { once: true });
    try {
      context.signal.throwIfAborted();
      const publicUrl = await readUntilReady(child, settings, context, ended);
      return { publicUrl, isForeignWord: isQuick(settings), onlySource: null, ended, close };
    } catch (error) {
      await close();
      throw error;
    } finally {
      context.signal.removeEventListener("abort", onAbort);
    }
  },
};

function isQuick(settings: ProviderSettings): boolean {
  return settings["token"] === undefined && settings["tunnel"] === undefined;
}

function start(binary: string, settings: ProviderSettings, { env, localPort }: OpenContext): ChildProcess {
  const { token, tunnel } = settings;
  const url = ["--url", `http://127.0.0.1:${localPort}`];
  const args = token !== undefined ? ["run"] : tunnel !== undefined ? [...url, "run", tunnel] : url;
  // A token among the arguments could be read by everybody on the machine.
  const own = token === undefined ? env : { ...env, TUNNEL_TOKEN: token };
  return spawn(binary, ["tunnel", "--no-autoupdate", ...args], { env: { ...own }, stdio: ["ignore", "ignore", "pipe"] });
}

/** Resolves with the public URL once a connection to Cloudflare stands. Throws a TunnelFault. */
function readUntilReady(child: ChildProcess, settings: ProviderSettings, context: OpenContext, ended: Promise<string>): Promise<string> {
  let publicUrl = isQuick(settings) ? null : toPublicUrl(settings["url"] ?? "");
  let lastError = "";
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => reject(new TunnelFault(`${what}${lastError === "" ? "" : ` It says: "${lastError}"`}`));
    const tooLong = setTimeout(() => fail("cloudflared has not connected in time."), WITHIN_MS);
    child.once("close", () => clearTimeout(tooLong));
    void ended.then(fail);
    createInterface(child.stderr!).on("line", (line) => {
      context.logger.debug("cloudflared says", { line });
      lastError = readError(line) ?? lastError;
      publicUrl ??= readQuickUrl(line);
      if (publicUrl === null || !line.includes("Registered tunnel connection")) return;
      clearTimeout(tooLong);
      resolve(publicUrl);
    });
  });
}

/** A quick tunnel's URL stands in a box of its own; api.trycloudflare.com, where it comes from, stands in errors. */
export function readQuickUrl(line: string): string | null {
  const [, url] = /(https:\/\/(?!api\.)[a-z0-9-]+\.trycloudflare\.com)(?:[\s|"]|$)/.exec(line) ?? [];
  return url ?? null;
}

/** `2026-01-01T00:00:00Z ERR what is wrong`, or a line without a time before it gives up. */
function readError(line: string): string | null {
  const [, what] = /^\S+ (?:ERR|FTL) (.+)$/.exec(line) ?? /^((?:failed|error|Unable|You did|You need|Provided).*)$/i.exec(line) ?? [];
  return what === undefined ? null : what.slice(0, 300).replace(/[^\u0020-\u007e]/g, "?");
}

function whenEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`cloudflared cannot be started: ${error.message}.`));
    child.once("close", (code, signal) => resolve(`cloudflared ended with ${signal ?? `exit code ${code}`}.`));
  });
}

/** The path of a program, as a shell would find it. */
export function findOnPath(program: string, path = ""): string | null {
  const names = process.platform === "win32" ? [`${program}.exe`] : [program];
  for (const file of path.split(delimiter).flatMap((folder) => (folder === "" ? [] : names.map((name) => join(folder, name))))) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // the next one
    }
  }
  return null;
}
