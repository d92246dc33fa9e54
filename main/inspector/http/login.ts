import { refuse, type Result } from "../../contract/errors.ts";
import { createLoginLimit } from "../access/login-limit.ts";
import type { LoginTokens } from "../access/login-tokens.ts";
import type { SessionToken, Tokens } from "../access/tokens.ts";
import { parse } from "../parse-params.ts";
import { loginRequest } from "../rest/routes.ts";

/** Exchanges what a person has for a session token, at a bounded rate for each address. */
export type Login = (body: unknown, address: string) => Result<SessionToken>;

/** `monotonic` in ms. */
export function createLogin(tokens: Tokens, loginTokens: LoginTokens, monotonic: () => number): Login {
  const limit = createLoginLimit(monotonic);
  return (body, address) => {
    const request = parse(loginRequest, "login", body);
    if (!request.ok) return request;
    const { token } = request.value;
    // A link's token cannot be guessed, so that nobody's guessing keeps its owner out.
    if (loginTokens.redeem(token)) return { ok: true, value: tokens.issueSession() };
    const retryAfterSeconds = Math.ceil(limit.waitMs(address) / 1000);
    if (retryAfterSeconds > 0) {
      const message = `There were too many failed logins from ${address}. Try again in ${retryAfterSeconds} s, or with a link from \`signalbox open\`.`;
      return refuse("TOO_MANY_ATTEMPTS", message, { retryAfterSeconds });
    }
    if (tokens.isMaster(token)) return { ok: true, value: tokens.issueSession() };
    limit.failed(address);
    return loginTokens.looksLikeOne(token)
      ? refuse("LOGIN_EXPIRED", "This login link was used already or is older than ten minutes. Ask for a new one with `signalbox open`.")
      : refuse("TOKEN_INVALID", "The token is wrong. Ask for a login link with `signalbox open`, or look up the hub's token.");
  };
}
