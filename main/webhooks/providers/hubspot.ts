import { createHeaderScheme, shapeOf, template } from "../header-scheme.ts";
import { hmac } from "../hmac-scheme.ts";
import { findHeader, hasHeader } from "../read-header.ts";
import { joinIds, listAt, readJson, textAt } from "../read-json.ts";
import { createHashKey } from "../signing-key.ts";
import { createSignedProvider, sharedSecret } from "../signed-provider.ts";
import type { SignatureScheme } from "../signature-scheme.ts";

/** v3, with the URL as it is or with these escapes undone, as HubSpot's documentation asks. */
const v3: SignatureScheme = {
  ...hmac({
    header: "X-HubSpot-Signature-v3",
    encoding: "base64",
    template: "{method}{url}{body}{timestamp}",
    timestampHeader: "X-HubSpot-Request-Timestamp",
    timestampFormat: "milliseconds",
  }),
  urlSpellings: (url) => [
    ...new Set([url, url.replace(/%(3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi, (escape) => decodeURIComponent(escape))]),
  ],
};

/** Older ones hash the secret before the content; a header of its own says which. */
const VERSION = "X-HubSpot-Signature-Version";
const header = "X-HubSpot-Signature";
const layout = {
  header,
  prefixes: [""],
  separator: null,
  timestampHeader: null,
  timestampPrefix: null,
  timestampFormat: "seconds",
  idHeader: null,
} as const;
const shape = shapeOf({ algorithm: "sha256", encoding: "hex" });
const keys = { toKey: (secret: string) => createHashKey("", secret), mistakenKeys: () => [] };
const v1 = createHeaderScheme({ ...layout, shape }, template("{body}"), keys);
const v2 = createHeaderScheme({ ...layout, shape }, template("{method}{url}{body}"), keys);

export const hubspot = createSignedProvider(
  {
    id: "hubspot",
    name: "HubSpot",
    docs: "https://developers.hubspot.com/docs/guides/apps/authentication/validating-requests",
    secret: sharedSecret("Client secret", "HubSpot developer account → your app → Auth → Client secret."),
    covers: ["body", "url", "method", "time"],
    proven: true,
    evidence: "@hubspot/api-client 13.5.0; the examples in HubSpot's documentation",
    toleranceMs: 300_000,
    budgetMs: 5000,
    detect: ({ headers }) => (hasHeader(headers, header) || hasHeader(headers, "X-HubSpot-Signature-v3") ? "certain" : null),
    // An event's id alone is not unique; its subscription, thing and moment with it are. A batch is sent again as it was, but for attemptNumber.
    deliveryId: (request) =>
      joinIds(
        listAt(readJson(request)).map((event) => {
          const parts = ["subscriptionId", "eventId", "objectId", "occurredAt"].map((name) => textAt(event, name));
          return parts[1] ? parts.join(":") : null;
        }),
      ),
    eventType: (request) => textAt(readJson(request), 0, "subscriptionType") ?? textAt(readJson(request), 0, "eventType"),
  },
  [v3, v1, v2],
  ({ headers }) => {
    if (hasHeader(headers, v3.header) || !hasHeader(headers, header)) return v3;
    return findHeader(headers, VERSION)?.toLowerCase() === "v2" ? v2 : v1;
  },
);
