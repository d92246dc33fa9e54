const MAX_NAME_CHARS = 200;

/** A bare file name that every file system takes; where it goes, the person chooses. */
export function parseFileName(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const name = value
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]+/g, "-")
    .replace(/^[.\s]+|[.\s]+$/g, "")
    .slice(0, MAX_NAME_CHARS);
  return name === "" ? null : name;
}
