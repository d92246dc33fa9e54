import type { RequestHandler } from "express";
import { sendEarlyRefusal } from "./send-refusal.ts";

/** What the server as a whole can do (RFC 9110 §9.3.7). */
export const ALL_METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS";

/** Answers every other method, and OPTIONS with what there is (RFC 9110 §10.2.1). */
export function allowOnly(methods: readonly string[]): RequestHandler {
  const allow = [...methods, "OPTIONS"].join(", ");
  return (request, response) => {
    response.setHeader("Allow", allow);
    if (request.method === "OPTIONS") return void response.status(204).end();
    sendEarlyRefusal(request, response, { code: "METHOD_NOT_ALLOWED", message: `This address takes ${methods.join(", ")} only.` });
  };
}
