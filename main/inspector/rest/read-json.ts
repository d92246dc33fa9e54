import type { IncomingMessage } from "node:http";
import type { RequestHandler } from "express";
import { refuse, type Refusal, type Result } from "../../contract/errors.ts";
import type { ByteBudget } from "../../platform/byte-budget.ts";
import { sendEarlyRefusal, sendRefusal } from "../http/send-refusal.ts";

/** Bodies that are being received, together: more wait for their turn. */
export const MAX_RECEIVING_BYTES = 64 * 1024 * 1024;

/**
 * Reads a JSON body of at most `limitBytes()` into `request.body`. Another type is refused: that is also what keeps a
 * foreign page's plain form from being understood. One that is too large is refused before it is sent, or as soon as it
 * is (express.json would read it to its end first).
 */
export function readJson(limitBytes: () => number, receiving: ByteBudget): RequestHandler {
  return async (request, response, next) => {
    const { "content-length": length, "transfer-encoding": chunked, expect } = request.headers;
    if (chunked === undefined && Number(length ?? 0) === 0) return next();
    const unreadable = mediaFault(request);
    const limit = limitBytes();
    if (unreadable) {
      if (request.headers["content-encoding"] !== undefined) response.setHeader("Accept-Encoding", "identity"); // RFC 9110 §15.5.16
      return sendEarlyRefusal(request, response, unreadable);
    }
    if (Number(length ?? 0) > limit) return sendEarlyRefusal(request, response, tooLarge(limit));
    const share = await receiving.take(Math.min(limit, Number(length ?? limit)));
    response.once("close", () => share.release());
    if (response.destroyed) return share.release();
    if (expect !== undefined && request.httpVersionMinor > 0) response.writeContinue();
    const bytes = await readBytes(request, limit);
    if (bytes === "too large") return sendEarlyRefusal(request, response, tooLarge(limit));
    if (bytes === "broken off") return void response.destroy();
    share.shrinkTo(bytes.length);
    const parsed = parseJson(bytes);
    if (!parsed.ok) return sendRefusal(response, parsed.refusal);
    request.body = parsed.value;
    next();
  };
}

/** Why the body cannot be read as what it says it is: 415, RFC 9110 §15.5.16. */
function mediaFault(request: IncomingMessage): Refusal | null {
  const { "content-type": type = "", "content-encoding": coding = "identity" } = request.headers;
  if (coding.trim().toLowerCase() !== "identity")
    return {
      code: "MEDIA_UNSUPPORTED",
      message: `A body with Content-Encoding ${coding.slice(0, 40)} is not taken here. Send it as it is.`,
    };
  const [media = "", ...parameters] = type.split(";").map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every((parameter) => !parameter.startsWith("charset=") || /^charset="?utf-?8"?$/.test(parameter));
  if (media === "application/json" && isUtf8) return null;
  return { code: "MEDIA_UNSUPPORTED", message: "The body must be JSON in UTF-8. Send it with `Content-Type: application/json`." };
}

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer | "too large" | "broken off"> {
  const { promise, resolve } = Promise.withResolvers<Buffer | "too large" | "broken off">();
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= limit) return void chunks.push(chunk);
    chunks.length = 0;
    resolve("too large");
  });
  request.on("end", () => resolve(Buffer.concat(chunks)));
  request.on("error", () => resolve("broken off"));
  request.on("close", () => resolve("broken off"));
  return promise;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function parseJson(bytes: Buffer): Result<unknown> {
  try {
    return { ok: true, value: JSON.parse(utf8.decode(bytes)) };
  } catch {
    return refuse("PARAMS_INVALID", "The body is not valid JSON.");
  }
}

function tooLarge(limit: number): Refusal {
  return { code: "BODY_TOO_LARGE", message: `The body is larger than the ${limit} bytes allowed here.`, details: { limit } };
}
