import type { WebhookRequest } from "../../main/webhooks/provider.ts";

/** A request as a provider sends it, but for its signature, and what is to be read from it. */
export interface Fixture {
  readonly secret: string;
  readonly request: WebhookRequest;
  readonly deliveryId: string | RegExp | null;
  readonly eventType: string | null;
}

export const NOW = Date.UTC(2026, 10, 23, 12, 0, 0);
export const json = { "Content-Type": "application/json" };
export const form = { "Content-Type": "application/x-www-form-urlencoded" };
/** The id of those whose id is the body's digest. */
export const CONTENT = /^sha256:[0-9a-f]{64}$/;

export function post(headers: Readonly<Record<string, string>>, body: unknown, url = "https://hooks.example.com/in/shop"): WebhookRequest {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const usual = { Host: new URL(url).host, "User-Agent": "sender/1.0", Accept: "*/*" };
  return { method: "POST", url, headers: Object.entries({ ...usual, ...headers }), body: Buffer.from(text) };
}
