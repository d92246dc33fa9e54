import { accept } from "../../contract/errors.ts";
import type { Provider } from "../provider.ts";
import { joinIds, listAt, readJson, textAt } from "../read-json.ts";
import { blankFault } from "../signed-provider.ts";
import { matchToken } from "../token.ts";
import { failed, verified } from "../verdict.ts";

/** More notifications than Graph puts into one request. */
const MAX_NOTIFICATIONS = 1000;

export const microsoftGraph: Provider = {
  id: "microsoft-graph",
  name: "Microsoft Graph",
  docs: "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
  secret: {
    kind: "token",
    label: "Client state",
    help: "The clientState you gave when you made the subscription.",
    required: true,
    fault: (value) =>
      blankFault("Client state", value) ?? (value.length > 128 ? "Graph takes a clientState of 128 characters at most." : null),
  },
  covers: [],
  proven: false,
  evidence: "Microsoft's documentation; a plain comparison",
  toleranceMs: null,
  budgetMs: 10_000,
  detect: (request) => {
    const first = textAt(readJson(request), "value", 0, "subscriptionId");
    const kind = textAt(readJson(request), "value", 0, "changeType") ?? textAt(readJson(request), "value", 0, "lifecycleEvent");
    return first && kind ? "certain" : null;
  },
  /** Every notification of the batch must carry a known client state; the JWTs of rich notifications are not looked at. */
  verify(request, secrets) {
    const notifications = listAt(readJson(request), "value");
    if (notifications.length === 0 || notifications.length > MAX_NOTIFICATIONS)
      return failed("malformed", "The body is no list of notifications: the request is not from Microsoft Graph.");
    let secretName: string | null = null;
    for (const [index, notification] of notifications.entries()) {
      const state = textAt(notification, "clientState");
      if (state === null)
        return failed(
          "malformed",
          `Notification ${index + 1} has no clientState: its subscription was made without one, or it is not from Graph.`,
        );
      const match = matchToken(state, secrets, `The clientState of notification ${index + 1}`);
      if (match.verdict !== "verified") return match;
      secretName ??= match.secretName;
    }
    return verified(secretName, null);
  },
  sign(request, state) {
    const text = Buffer.from(request.body).toString();
    return accept({
      headers: [],
      body: Buffer.from(text.replace(/("clientState"\s*:\s*)"(?:[^"\\]|\\.)*"/g, (_, name: string) => `${name}${JSON.stringify(state)}`)),
    });
  },
  deliveryId: (request) => joinIds(listAt(readJson(request), "value").map((notification) => textAt(notification, "id"))),
  eventType: (request) => textAt(readJson(request), "value", 0, "changeType") ?? textAt(readJson(request), "value", 0, "lifecycleEvent"),
};
