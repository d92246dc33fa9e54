import { toPublicUrl } from "../public-url.ts";
import type { TunnelProvider } from "../tunnel.ts";
import { readSshSettings, readTarget } from "./ssh.ts";

/** A sish server: `ssh -p 2222 -R [name:]80:… host`. */
export const sish: TunnelProvider = {
  id: "sish",
  senderHeader: "x-forwarded-for",
  async open(settings, context) {
    const { openSsh } = await import("../ssh/open-ssh.ts");
    return openSsh(
      {
        ...readSshSettings(settings),
        ...readTarget(settings),
        anonymous: true,
        bind: settings["domain"] ?? "localhost",
        remotePort: 80,
        url: { ofText: readSishUrl },
      },
      context,
    );
  },
};

/** It says `HTTP: http://<name>` and, where it has a certificate, `HTTPS: https://<name>`. */
export function readSishUrl(said: string): string | null {
  const [, url] = /^HTTPS: (https:\/\/\S+)\s/m.exec(said) ?? /^HTTP: (http:\/\/\S+)\s/m.exec(said) ?? [];
  return url === undefined ? null : toPublicUrl(url);
}
