import { stripVTControlCharacters } from "node:util";
import type { Client, ClientChannel } from "ssh2";
import { TunnelFault } from "../tunnel.ts";

const WITHIN_MS = 30_000;
const MAX_CHARS = 64 * 1024;
/** A service that has named one address may name a better one with its next words. */
const SETTLE_MS = 300;

/**
 * Opens a session, as `ssh -R` does, and reads what the service says there until it has named a public URL. When the
 * session ends later the connection is ended: such services forward nothing without one. Throws a TunnelFault.
 */
export function readAnnouncement(client: Client, host: string, readUrl: (text: string) => string | null): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (what: string): void => reject(new TunnelFault(`${host} ${what}.${lastWords(said)}`));
    const tooLong = setTimeout(() => {
      fail("has named no public URL");
      client.end();
    }, WITHIN_MS);
    client.once("close", () => {
      clearTimeout(tooLong);
      fail("closed the connection before it had named a public URL");
    });
    client.shell(false, (error: Error | undefined, session: ClientChannel) => {
      if (error) return fail(`opens no session: ${error.message}`);
      const hear = (chunk: Buffer): void => {
        if (said.length >= MAX_CHARS) return;
        said += stripVTControlCharacters(chunk.toString("utf8")).replaceAll("\r", "");
        if (readUrl(said) === null) return;
        clearTimeout(tooLong);
        setTimeout(() => resolve(readUrl(said)!), SETTLE_MS);
      };
      session.on("data", hear);
      session.stderr.on("data", hear);
      session.once("close", () => client.end());
    });
  });
}

/** The last line that was said, as it may stand in a message. */
function lastWords(said: string): string {
  const line = said.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : ` Its last words: "${line.slice(0, 200).replace(/[^\u0020-\u007e]/g, "?")}"`;
}
