/** As `signalbox.v1` writes a payload: text as it is, bytes in base64, anything else as the JSON it is. */
export function toPayload(payload: unknown): { readonly payload: unknown; readonly encoding?: "base64" } {
  const bytes = toBytes(payload);
  if (bytes === null) return { payload };
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return { payload: btoa(binary), encoding: "base64" };
}

/** The bytes an event was published with, whether they came as text or in base64. */
export function bytesOf(event: { readonly payload: string; readonly encoding?: "base64" }): Uint8Array {
  if (event.encoding !== "base64") return new TextEncoder().encode(event.payload);
  return Uint8Array.from(atob(event.payload), (letter) => letter.charCodeAt(0));
}

function toBytes(payload: unknown): Uint8Array | null {
  if (payload instanceof ArrayBuffer) return new Uint8Array(payload);
  return ArrayBuffer.isView(payload) ? new Uint8Array(payload.buffer, payload.byteOffset, payload.byteLength) : null;
}
