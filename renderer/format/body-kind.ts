/** The ways a body can be looked at. */
export type BodyFormat = "tree" | "text" | "hex" | "form" | "image";

/** Raster images only: an SVG is a document that can carry script and links. */
const RASTER = /^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/;

export function mediaTypeOf(contentType: string | null): string {
  return (contentType ?? "").split(";")[0]!.trim().toLowerCase();
}

export function isRasterImage(contentType: string | null): boolean {
  return RASTER.test(mediaTypeOf(contentType));
}

export function isForm(contentType: string | null): boolean {
  return mediaTypeOf(contentType) === "application/x-www-form-urlencoded";
}

/** The body as text: UTF-8 without NUL; null when it is something else. A byte order mark is not shown. */
export function decodeText(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, 65_536).includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The formats that fit, best first. */
export function formatsFor(facts: {
  readonly contentType: string | null;
  readonly isText: boolean;
  readonly isJson: boolean;
}): BodyFormat[] {
  const formats: BodyFormat[] = [];
  if (isRasterImage(facts.contentType)) formats.push("image");
  if (facts.isJson) formats.push("tree");
  if (facts.isText && isForm(facts.contentType)) formats.push("form");
  if (facts.isText) formats.push("text");
  return [...formats, "hex"];
}

/** A file name's ending for a downloaded body. */
export function extensionFor(contentType: string | null): string {
  const type = mediaTypeOf(contentType);
  if (/[/+]json$/.test(type)) return "json";
  if (/[/+]xml$/.test(type)) return "xml";
  if (type === "text/csv") return "csv";
  if (type.startsWith("text/")) return "txt";
  if (isRasterImage(type))
    return type
      .slice(6)
      .replace("jpeg", "jpg")
      .replace(/x-icon|vnd\.microsoft\.icon/, "ico");
  return "bin";
}
