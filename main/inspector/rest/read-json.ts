import express, { type RequestHandler } from "express";
import type { Refusal } from "../../contract/errors.ts";
import { sendRefusal } from "../http/send-refusal.ts";

/**
 * Reads a JSON body of at most `limitBytes()` into `request.body`. Another type is refused: that is also what keeps a
 * foreign page's plain form from being understood.
 */
export function readJson(limitBytes: () => number): RequestHandler {
  return (request, response, next) => {
    const hasBody = request.headers["transfer-encoding"] !== undefined || Number(request.headers["content-length"] ?? 0) > 0;
    if (!hasBody) return next();
    if (!request.is("application/json"))
      return sendRefusal(response, {
        code: "PARAMS_INVALID",
        message: "The body must be JSON. Send it with `Content-Type: application/json`.",
      });
    express.json({ limit: limitBytes(), inflate: false, strict: false })(request, response, next);
  };
}

/** What body-parser and express's router throw at what was sent, by their `type` or `status`; null for a bug. */
export function requestFault(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  const { type, status, limit } = error as { type?: string; status?: number; limit?: number };
  switch (type) {
    case "entity.too.large":
      return { code: "BODY_TOO_LARGE", message: `The body is larger than the ${limit} bytes allowed here.`, details: { limit } };
    case "request.aborted":
      return { code: "REQUEST_ABORTED", message: "The request was given up before its body was complete." };
    case "entity.parse.failed":
      return { code: "PARAMS_INVALID", message: "The body is not valid JSON." };
    default:
      return status !== undefined && status >= 400 && status < 500
        ? { code: "REQUEST_MALFORMED", message: `The request cannot be read: ${error.message}.` }
        : null;
  }
}
