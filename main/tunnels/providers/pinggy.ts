import { isWithin, toPublicUrl } from "../public-url.ts";
import type { TunnelProvider } from "../tunnel.ts";
import { readSshSettings } from "./ssh.ts";

/** https://pinggy.io: `ssh -p 443 -R0:… [token@]a.pinggy.io`. */
export const pinggy: TunnelProvider = {
  id: "pinggy",
  senderHeader: "x-forwarded-for",
  async open(settings, context) {
    const { openSsh } = await import("../ssh/open-ssh.ts");
    return openSsh(
      {
        ...readSshSettings(settings),
        host: settings["host"]!,
        user: settings["token"] ?? "free", // the token is the user name
        acceptNew: true,
        anonymous: true,
        bind: "localhost",
        remotePort: 0,
        url: { ofText: readPinggyUrl },
      },
      context,
    );
  },
};

/** It says the tunnel's addresses, each on a line of its own, with http and with https; others stand within sentences. */
export function readPinggyUrl(said: string): string | null {
  const lines = [...said.matchAll(/^\s*(https?:\/\/[^\s/]+)\/?\s*\n/gm)].map(([, url]) => toPublicUrl(url!));
  const urls = lines.filter((url) => url !== null && !isWithin(new URL(url).hostname, "dashboard.pinggy.io"));
  return urls.find((url) => url?.startsWith("https:")) ?? urls[0] ?? null;
}
