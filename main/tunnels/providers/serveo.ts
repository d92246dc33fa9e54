import { toPublicUrl } from "../public-url.ts";
import type { TunnelProvider } from "../tunnel.ts";
import { readSshSettings } from "./ssh.ts";

/** https://serveo.net: `ssh -R [name:]80:… serveo.net`. */
export const serveo: TunnelProvider = {
  id: "serveo",
  senderHeader: "x-forwarded-for",
  async open(settings, context) {
    const { openSsh } = await import("../ssh/open-ssh.ts");
    return openSsh(
      {
        ...readSshSettings(settings),
        host: settings["host"]!,
        user: "signalbox", // any name does
        acceptNew: true,
        anonymous: true,
        bind: settings["domain"] ?? "localhost",
        remotePort: 80,
        url: { ofText: readServeoUrl },
      },
      context,
    );
  },
};

/** It says `Forwarding HTTP traffic from https://<name>`. */
export function readServeoUrl(said: string): string | null {
  const [, url] = /Forwarding HTTP traffic from (https?:\/\/\S+)\s/.exec(said) ?? [];
  return url === undefined ? null : toPublicUrl(url);
}
