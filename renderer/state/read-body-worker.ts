import { readBytes } from "./read-body.ts";

addEventListener("message", ({ data }: MessageEvent<{ readonly bytes: Uint8Array; readonly contentType: string | null }>) => {
  const read = readBytes(data.bytes, data.contentType);
  postMessage(read, { transfer: read.json ? [read.json.nodes.buffer] : [] });
});
