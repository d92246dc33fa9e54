import { readNode, nextOf, type JsonIndex } from "./json-index.ts";

/** The same JSON indented by two spaces, every scalar and key exactly as written. */
export function toPrettyJson(text: string, index: JsonIndex): string {
  const out: string[] = [];
  const open: { end: number; close: string }[] = [];
  for (let node = 0; node < index.count; node += 1) {
    const value = readNode(text, index, node);
    const indent = "  ".repeat(Math.min(open.length, 200));
    const key = value.key === null ? "" : `${keyText(text, value.start)}: `;
    const container = value.kind === "object" || value.kind === "array";
    const [left, right] = value.kind === "object" ? ["{", "}"] : ["[", "]"];
    out.push(indent, key, container ? (value.children ? `${left}\n` : left + right) : text.slice(value.start, value.end));
    if (container && value.children) {
      open.push({ end: nextOf(index, node), close: right });
      continue;
    }
    while (open.length > 0 && open.at(-1)!.end === node + 1) {
      const { close } = open.pop()!;
      out.push("\n", "  ".repeat(Math.min(open.length, 200)), close);
    }
    if (open.length > 0) out.push(",\n");
  }
  return out.join("");
}

/** The key as written, found backwards from its value: a colon and white space lie between. */
function keyText(text: string, valueStart: number): string {
  const end = text.lastIndexOf('"', valueStart - 1);
  let start = end - 1;
  for (; ; start -= 1) {
    if (text[start] !== '"') continue;
    let slashes = 0;
    while (text[start - 1 - slashes] === "\\") slashes += 1;
    if (slashes % 2 === 0) return text.slice(start, end + 1);
  }
}
