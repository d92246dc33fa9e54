import { echo, type HandshakeRule } from "../handshake.ts";
import { onlyParam, readQuery } from "../read-query.ts";
import { UNSIGNED } from "../verdict.ts";

/** Graph asks when a subscription is made: https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation. */
export const graphValidation: HandshakeRule = {
  name: "microsoft-graph-validation",
  answer({ request, provider }) {
    if ((provider !== "microsoft-graph" && provider !== null) || request.method !== "POST" || request.body.length > 0) return null;
    const token = onlyParam(readQuery(request), "validationToken");
    return token === null || token === "" ? null : echo(this.name, token, UNSIGNED);
  },
};
