import { echo, type HandshakeRule } from "../handshake.ts";
import { findHeader } from "../read-header.ts";
import { onlyParam, readQuery } from "../read-query.ts";
import { UNSIGNED } from "../verdict.ts";

/** Dropbox asks when an address is entered: https://www.dropbox.com/developers/reference/webhooks#verification. */
export const dropboxChallenge: HandshakeRule = {
  name: "dropbox-challenge",
  answer({ request, provider }) {
    if (request.method !== "GET") return null;
    // `?challenge=` alone could be anybody's; with Dropbox's own name it is nobody else's.
    const isDropbox =
      provider === "dropbox" || (provider === null && findHeader(request.headers, "User-Agent")?.startsWith("DropboxWebhooks/") === true);
    const challenge = isDropbox ? onlyParam(readQuery(request), "challenge") : null;
    return challenge === null ? null : echo(this.name, challenge, UNSIGNED);
  },
};
