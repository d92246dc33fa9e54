import { CUSTOM_PROVIDER } from "../../contract/source.ts";
import type { HandshakeRule } from "../handshake.ts";
import { findHeader, readHeader } from "../read-header.ts";
import { UNSIGNED } from "../verdict.ts";

/** A DNS name, or whatever else fits into a header again. */
const ORIGIN = /^[\x21-\x7e]{1,255}$/;

/** Abuse protection of CloudEvents' webhooks (http-webhook 1.0 §4): a sender asks by OPTIONS whether it may send, and how much. */
export const cloudEventsOptions: HandshakeRule = {
  name: "cloudevents-options",
  answer({ request, provider }) {
    if (request.method !== "OPTIONS" || (provider !== null && provider !== CUSTOM_PROVIDER)) return null;
    const origin = readHeader(request.headers, "WebHook-Request-Origin");
    if (typeof origin !== "string" || !ORIGIN.test(origin)) return null;
    const rate = findHeader(request.headers, "WebHook-Request-Rate");
    const headers = [
      ["Allow", "POST"],
      ["WebHook-Allowed-Origin", origin],
      ...(rate === null ? [] : [["WebHook-Allowed-Rate", "*"] as const]),
    ] as const;
    return { name: this.name, status: 200, headers, body: "", verification: UNSIGNED };
  },
};
