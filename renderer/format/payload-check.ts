import { indexJson } from "./json-index.ts";

/** What a payload that is being written looks like. */
export interface PayloadCheck {
  readonly kind: "empty" | "json" | "text" | "bad-json";
  /** Where JSON is wrong and how, for a person. */
  readonly fault: string | null;
  /** What it is sent as when nothing else is said. */
  readonly contentType: string | null;
}

/** Taken as JSON when it begins like an object or a list, or when its content type says so. */
export function checkPayload(text: string, contentType: string): PayloadCheck {
  if (text === "") return { kind: "empty", fault: null, contentType: null };
  const saysJson = /[/+]json\b/i.test(contentType);
  if (!saysJson && !/^\s*[[{]/.test(text)) {
    const plain = contentType === "" && isScalar(text);
    return { kind: "text", fault: null, contentType: plain ? null : "text/plain" };
  }
  const index = indexJson(text);
  if (!("fault" in index)) return { kind: "json", fault: null, contentType: "application/json" };
  const before = text.slice(0, index.offset).split("\n");
  return {
    kind: "bad-json",
    fault: `${index.fault} at line ${before.length}, character ${before.at(-1)!.length + 1}`,
    contentType: saysJson ? "application/json" : "text/plain",
  };
}

/** A lone number or word is what devices send as it is: it has no type of its own. */
function isScalar(text: string): boolean {
  return /^\S{1,64}$/.test(text);
}
