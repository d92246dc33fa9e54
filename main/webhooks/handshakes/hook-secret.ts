import { CUSTOM_PROVIDER } from "../../contract/source.ts";
import type { HandshakeRule } from "../handshake.ts";
import { hasHeader, readHeader } from "../read-header.ts";
import { UNSIGNED } from "../verdict.ts";

/** Asana sends the secret itself when a webhook is made, and wants it back: https://developers.asana.com/docs/webhooks-guide#the-webhook-handshake. */
export const hookSecret: HandshakeRule = {
  name: "x-hook-secret",
  answer({ request, provider }) {
    if (request.method !== "POST" || (provider !== null && provider !== CUSTOM_PROVIDER)) return null;
    const secret = readHeader(request.headers, "X-Hook-Secret");
    if (typeof secret !== "string" || !/^[\x21-\x7e]{1,512}$/.test(secret) || hasHeader(request.headers, "X-Hook-Signature")) return null;
    return { name: this.name, status: 200, headers: [["X-Hook-Secret", secret]], body: "", verification: UNSIGNED };
  },
};
