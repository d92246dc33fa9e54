import { toPublicUrl } from "../public-url.ts";
import type { TunnelProvider } from "../tunnel.ts";
import { readSshSettings } from "./ssh.ts";

/** https://localhost.run: `ssh -R 80:… nokey@localhost.run`. */
export const localhostRun: TunnelProvider = {
  id: "localhost.run",
  senderHeader: "x-forwarded-for",
  async open(settings, context) {
    const { openSsh } = await import("../ssh/open-ssh.ts");
    return openSsh(
      {
        ...readSshSettings(settings),
        host: settings["host"]!,
        user: settings["user"]!,
        acceptNew: true,
        anonymous: true,
        bind: settings["domain"] ?? "localhost",
        remotePort: 80,
        url: { ofText: readLocalhostRunUrl },
      },
      context,
    );
  },
};

/** It says `<name> tunneled with tls termination, https://<name>`, among other lines with other addresses. */
export function readLocalhostRunUrl(said: string): string | null {
  const [, url] = /tunneled with tls termination, (https:\/\/[^\s,]+)\s/.exec(said) ?? [];
  return url === undefined ? null : toPublicUrl(url);
}
