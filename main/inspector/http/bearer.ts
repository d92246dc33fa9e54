import type { IncomingMessage } from "node:http";
import type { Refusal } from "../../contract/errors.ts";

/** Why the request's bearer token (RFC 6750 §2.1) does not let it in, or null when it does. */
export function bearerFault(request: IncomingMessage, accepts: (token: string) => boolean): Refusal | null {
  const header = request.headers.authorization;
  if (header === undefined)
    return { code: "TOKEN_REQUIRED", message: "This needs the hub's token. Send it as `Authorization: Bearer <token>`." };
  const token = /^Bearer +([\w\-.~+/=]{1,1024}) *$/i.exec(header)?.[1];
  if (token !== undefined && accepts(token)) return null;
  return { code: "TOKEN_INVALID", message: "The token is wrong or has expired. Log in again, or look up the hub's token." };
}
