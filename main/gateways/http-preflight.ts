import type { HttpExchange } from "./http-listener.ts";

/** How long a browser may remember the answer. */
const MAX_AGE_S = 600;

/** Answers a browser that asks for its page whether it may (Fetch §3.2.2); true when this was one. `cors` as the guard gives them. */
export function answerPreflight(exchange: HttpExchange, cors: readonly string[], methods: readonly string[]): boolean {
  const { request } = exchange;
  if (request.method !== "OPTIONS") return false;
  const headers = ["Allow", [...methods, "OPTIONS"].join(", "), ...cors];
  if (cors.length > 0) {
    headers.push("Access-Control-Allow-Methods", methods.join(", "), "Access-Control-Max-Age", String(MAX_AGE_S));
    headers.push("Access-Control-Allow-Headers", request.headers["access-control-request-headers"] ?? "*");
  }
  exchange.answer(204, headers, "");
  return true;
}
