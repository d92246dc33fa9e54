import type { Foreign } from "./foreign.ts";

/**
 * Structured clone as text: what may cross Electron's IPC may cross this, and what may not throws DataCloneError. Each
 * value but a plain one is an array that begins with its kind. Runs in Node and, by its source text, in the page too, so
 * it uses nothing from outside itself.
 */
export function createCodec() {
  const seen: unknown[] = [];
  const node = (globalThis as Foreign).Buffer as typeof Buffer | undefined; // the page has Uint8Array's own base64

  const toBase64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string => {
    const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
    return node ? node.from(bytes.buffer, byteOffset, byteLength).toString("base64") : (bytes as Foreign).toBase64();
  };
  const fromBase64 = (text: string): ArrayBuffer =>
    (node ? new Uint8Array(node.from(text, "base64")) : (Uint8Array as Foreign).fromBase64(text)).buffer;

  const packNumber = (value: number): unknown =>
    Number.isFinite(value) && !Object.is(value, -0) ? value : ["number", Object.is(value, -0) ? "-0" : String(value)];

  const pack = (value: Foreign): unknown => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") return packNumber(value);
    if (value === undefined) return ["undefined"];
    if (typeof value === "bigint") return ["bigint", String(value)];
    const known = seen.indexOf(value);
    if (known !== -1) return ["seen", known];
    seen.push(value);
    if (Array.isArray(value)) return ["array", value.map(pack)];
    if (value instanceof Date) return ["date", value.getTime()];
    if (value instanceof RegExp) return ["regexp", value.source, value.flags];
    if (value instanceof Map) return ["map", [...value].map((pair) => pair.map(pack))];
    if (value instanceof Set) return ["set", [...value].map(pack)];
    if (value instanceof ArrayBuffer) return ["buffer", toBase64(new Uint8Array(value))];
    if (ArrayBuffer.isView(value)) return ["view", value.constructor.name.replace(/^Buffer$/, "Uint8Array"), toBase64(value)];
    if (value instanceof Error) return ["error", value.name, value.message, value.stack];
    return ["object", Object.entries(value).map(([key, item]) => [key, pack(item)])];
  };

  const keep = <T>(value: T): T => {
    seen.push(value);
    return value;
  };
  const unpackers: Record<string, (...parts: Foreign[]) => unknown> = {
    number: Number,
    undefined: () => undefined,
    bigint: BigInt,
    seen: (index) => seen[index],
    date: (time) => keep(new Date(time)),
    regexp: (source, flags) => keep(new RegExp(source, flags)),
    buffer: (text) => keep(fromBase64(text)),
    view: (name, text) => keep(new (globalThis as Foreign)[name](fromBase64(text))),
    error: (name, message, stack) => keep(Object.assign(new ((globalThis as Foreign)[name] ?? Error)(message), { stack })),
    array(items) {
      const out = keep<unknown[]>([]);
      for (const item of items) out.push(unpack(item));
      return out;
    },
    map(pairs) {
      const out = keep(new Map());
      for (const [key, item] of pairs) out.set(unpack(key), unpack(item));
      return out;
    },
    set(items) {
      const out = keep(new Set());
      for (const item of items) out.add(unpack(item));
      return out;
    },
    object(pairs) {
      const out = keep<Record<string, unknown>>({});
      for (const [key, item] of pairs) out[key] = unpack(item);
      return out;
    },
  };
  const unpack = (packed: Foreign): unknown => {
    if (!Array.isArray(packed)) return packed;
    const [kind, ...parts] = packed;
    return unpackers[kind]?.(...parts);
  };

  return {
    encode(value: unknown): string {
      seen.length = 0;
      return JSON.stringify(pack(structuredClone(value)));
    },
    decode(text: string): Foreign {
      seen.length = 0;
      return unpack(JSON.parse(text));
    },
  };
}
