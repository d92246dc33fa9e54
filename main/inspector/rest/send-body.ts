import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { MAX_CHUNK_BYTES } from "../../contract/calls.ts";
import { accept, refuse, type Result } from "../../contract/errors.ts";
import type { EventDetail } from "../../contract/event.ts";
import type { EventLog } from "../../hub/ports.ts";

/**
 * Streams an event's stored body, byte for byte. Captured content is hostile: it is an attachment of a neutral type in a
 * sandbox, and what it called itself is said in a header of ours. When reading fails midway the connection is cut, so that
 * nobody takes a part for the whole.
 */
export async function sendBody(log: EventLog, id: string, response: ServerResponse, headOnly: boolean): Promise<Result<void>> {
  const detail = await log.get(id);
  if (!detail.ok) return detail;
  const { storedBytes, sha256 } = detail.value;
  response.setHeader("Content-Type", "application/octet-stream");
  response.setHeader("Content-Disposition", `attachment; filename="${fileName(detail.value)}"`);
  response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
  response.setHeader("X-Signalbox-Content-Type", (detail.value.contentType ?? "").replace(/[^\u0020-\u007e]/g, "?"));
  response.setHeader("Content-Length", storedBytes);
  response.setHeader("ETag", `"${sha256}"`);
  // RFC 9530 §3
  response.setHeader("Repr-Digest", `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`);
  if (headOnly) {
    response.end();
    return accept(undefined);
  }
  for (let offset = 0; offset < storedBytes && !response.destroyed;) {
    const chunk = await log.body(id, offset, MAX_CHUNK_BYTES);
    if (!chunk.ok) return chunk;
    const bytes = Buffer.from(chunk.value.base64, "base64");
    if (bytes.length === 0) return refuse("STORE_FAILED", `The body of ${id} ends at ${offset} of ${storedBytes} bytes.`);
    offset += bytes.length;
    if (!response.write(bytes) && !response.destroyed) await drained(response);
  }
  response.end();
  return accept(undefined);
}

/** Until there is room again, or nobody to write to. */
async function drained(response: ServerResponse): Promise<void> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  } finally {
    stop.abort();
  }
}

function fileName({ id, contentType }: EventDetail): string {
  const type = (contentType ?? "").split(";", 1)[0]!.trim().toLowerCase();
  const extension = type === "application/json" || type.endsWith("+json") ? "json" : type === "text/plain" ? "txt" : "bin";
  return `${id.replace(/[^\w-]/g, "_")}.${extension}`;
}
