import { userInfo } from "node:os";
import { toPublicUrl } from "../public-url.ts";
import type { ProviderSettings, TunnelProvider } from "../tunnel.ts";

/** `ssh -R` to an OpenSSH server of one's own. */
export const ssh: TunnelProvider = {
  id: "ssh",
  senderHeader: null, // the server says it itself with each connection
  async open(settings, context) {
    const { openSsh, plainUrl } = await import("../ssh/open-ssh.ts");
    const { user, host } = readTarget(settings);
    const url = settings["url"] === undefined ? null : toPublicUrl(settings["url"]);
    return openSsh(
      {
        ...readSshSettings(settings),
        host,
        user,
        anonymous: false,
        bind: settings["bind"] ?? "",
        remotePort: Number(settings["remote-port"]),
        url: { ofPort: (port) => url ?? plainUrl(host, port) },
      },
      context,
    );
  },
};

/** `me@host`, or the host with the user beside it; this hub's own user where nobody is named. */
export function readTarget(settings: ProviderSettings): { readonly user: string; readonly host: string } {
  const [, named, host] = /^(?:(.*)@)?(.*)$/s.exec(settings["host"] ?? "")!;
  return { user: named ?? settings["user"] ?? userInfo().username, host: host! };
}

/** What every provider over SSH can be told. */
export function readSshSettings(settings: ProviderSettings) {
  return {
    port: Number(settings["port"]),
    hostKey: settings["host-key"] ?? null,
    acceptNew: settings["accept-new"] === "yes",
    key: settings["key"] ?? null,
    passphrase: settings["passphrase"] ?? null,
    password: settings["password"] ?? null,
  };
}
