import { toRefusal } from "./connection.ts";
import { RefusalError, refuse, accept, ERRORS, type ErrorCode, type Result } from "../../main/contract/errors.ts";

/** The token this browser was given, kept until it is refused. */
const KEY = "signalbox.token";

export function readToken(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined;
  }
}

function keepToken(token: string): void {
  try {
    localStorage.setItem(KEY, token);
  } catch {
    throw new RefusalError({
      code: "INTERNAL",
      message: "This browser does not let the page keep the token. Allow storage for this site.",
    });
  }
}

/** The one-time code of `#login=…`, taken out of the address so that it is neither kept nor shared. */
export function takeLoginCode(): string | null {
  const code = /^#login=([\w.-]+)$/.exec(location.hash)?.[1] ?? null;
  if (location.hash.startsWith("#login")) history.replaceState(history.state, "", location.pathname + location.search);
  return code;
}

/** Exchanges a one-time code for a session token and keeps it. */
export async function login(code: string): Promise<Result<void>> {
  try {
    const response = await fetch("/api/v1/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: code }),
    });
    const answer = (await response.json()) as {
      readonly token?: unknown;
      readonly error?: { readonly code?: string; readonly message?: string };
    };
    if (typeof answer.token === "string") {
      keepToken(answer.token);
      return accept(undefined);
    }
    const { code: errorCode = "INTERNAL", message = `The hub answered ${response.status}.` } = answer.error ?? {};
    return refuse(errorCode in ERRORS ? (errorCode as ErrorCode) : "INTERNAL", message);
  } catch (error) {
    if (error instanceof TypeError) return refuse("HUB_UNREACHABLE", "The hub does not answer at this address. Is it running?");
    return { ok: false, refusal: toRefusal(error) };
  }
}
