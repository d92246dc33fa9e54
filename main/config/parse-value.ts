import { isIP } from "node:net";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { ListenAddress } from "./config.ts";

/** A value, or in words what would have been right. */
export type Parsed<T> = { readonly value: T } | { readonly expected: string };

/** `foreign` is a string from flag or environment, or whatever YAML made of it; relative paths count from `base`. */
export type ParseValue<T> = (foreign: unknown, base: string) => Parsed<T>;

const UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 1024,
  kib: 1024,
  kb: 1000,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  mb: 1000 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  gb: 1000 ** 3,
};
const UNIT_MS: Readonly<Record<string, number>> = { "": 1, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

export function parseSize(min: number, max: number): ParseValue<number> {
  return parseMeasure(UNIT_BYTES, `a size from ${formatSize(min)} to ${formatSize(max)}, as bytes or like 512KiB or 10MiB`, min, max);
}

export function parseDuration(min: number, max: number): ParseValue<number> {
  return parseMeasure(UNIT_MS, `a time from ${formatDuration(min)} to ${formatDuration(max)}, as ms or like 500ms, 30s or 5m`, min, max);
}

export function parseCount(min: number, max: number): ParseValue<number> {
  return parseMeasure({ "": 1 }, `a whole number from ${min} to ${max}`, min, max);
}

function parseMeasure(units: Readonly<Record<string, number>>, expected: string, min: number, max: number): ParseValue<number> {
  return (foreign) => {
    const [, digits, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(toText(foreign) ?? "") ?? [];
    const factor = unit === undefined ? undefined : units[unit.toLowerCase()];
    const value = Number(digits) * (factor ?? Number.NaN);
    return Number.isInteger(value) && value >= min && value <= max ? { value } : { expected };
  };
}

/** No bound. */
const NO_BOUND = new Set(["off", "all", "false"]);

/** `off`, or what `parse` takes. */
export function parseBound(parse: ParseValue<number>): ParseValue<number | null> {
  return (foreign, base) => {
    if (NO_BOUND.has(toText(foreign)?.toLowerCase() ?? "")) return { value: null };
    const parsed = parse(foreign, base);
    return "value" in parsed ? parsed : { expected: `${parsed.expected}, or off` };
  };
}

const YES = new Set(["true", "yes", "on", "1"]);
const NO = new Set(["false", "no", "off", "0"]);

export const parseSwitch: ParseValue<boolean> = (foreign) => {
  const text = toText(foreign)?.toLowerCase() ?? "";
  return YES.has(text) ? { value: true } : NO.has(text) ? { value: false } : { expected: "true or false" };
};

export function parseChoice<T extends string>(choices: readonly T[]): ParseValue<T> {
  return (foreign) => {
    const value = choices.find((choice) => choice === toText(foreign)?.toLowerCase());
    return value === undefined ? { expected: `one of ${choices.join(", ")}` } : { value };
  };
}

/** Long enough not to be guessed, and able to stand in a header. */
export const parseToken: ParseValue<string> = (foreign) => {
  const text = toText(foreign) ?? "";
  return /^[\u0021-\u007e]{16,256}$/.test(text) ? { value: text } : { expected: "16 to 256 printable ASCII characters without spaces" };
};

export const parseFolder: ParseValue<string> = parsePath("folder");
export const parseFile: ParseValue<string> = parsePath("file");

function parsePath(what: "folder" | "file"): ParseValue<string> {
  return (foreign, base) => {
    const text = typeof foreign === "string" ? foreign : "";
    if (text === "" || text.includes("\0")) return { expected: `the path of a ${what}` };
    return { value: /^~($|[/\\])/.test(text) ? join(homedir(), text.slice(1)) : resolve(base, text) };
  };
}

/** A name, not a broken address: its last label is no number (WHATWG URL §3.5, "ends in a number"). */
const HOST_NAME = /^(?=.{1,253}$)(?!.*(?:^|\.)\d+$)[a-z0-9_][a-z0-9_-]{0,62}(?:\.[a-z0-9_][a-z0-9_-]{0,62})*$/i;

export const parseHosts: ParseValue<readonly string[]> = (foreign) => {
  const parts: unknown[] = Array.isArray(foreign) ? foreign : [foreign];
  const hosts = parts.flatMap((part) => (typeof part === "string" ? part.split(",") : [""])).map((host) => host.trim().toLowerCase());
  const named = hosts.filter((host) => host !== "");
  const ok = parts.every((part) => typeof part === "string") && named.every((host) => isIP(host) !== 0 || HOST_NAME.test(host));
  return ok ? { value: named } : { expected: "host names or addresses without port, parted by commas" };
};

/** `10.0.0.0/8`, `fd00::/8`. */
const isNetwork = (text: string): boolean => {
  const [, address = "", bits = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  return isIP(address) !== 0 && Number(bits) <= (isIP(address) === 6 ? 128 : 32);
};

export const parseTargets: ParseValue<readonly string[]> = (foreign) => {
  const parts: unknown[] = Array.isArray(foreign) ? foreign : [foreign];
  const targets = parts.flatMap((part) => (typeof part === "string" ? part.split(",") : [""])).map((one) => one.trim().toLowerCase());
  const named = targets.filter((one) => one !== "");
  const ok =
    parts.every((part) => typeof part === "string") && named.every((one) => isNetwork(one) || isIP(one) !== 0 || HOST_NAME.test(one));
  return ok ? { value: named } : { expected: "hosts, addresses or networks like 192.168.0.0/16, parted by commas" };
};

/** As a browser writes the origin of a page (RFC 6454 §6.1). */
const ORIGIN = /^(?:https?|file|app|chrome-extension|moz-extension|capacitor|ionic):\/\/[^/?#@\s,]*$|^null$/;

export const parseOrigins: ParseValue<readonly string[]> = (foreign) => {
  const parts: unknown[] = Array.isArray(foreign) ? foreign : [foreign];
  const origins = parts.flatMap((part) => (typeof part === "string" ? part.split(",") : [""]));
  const named = origins.map((origin) => origin.trim().toLowerCase().replace(/\/$/, "")).filter((origin) => origin !== "");
  const ok = parts.every((part) => typeof part === "string") && named.every((origin) => ORIGIN.test(origin));
  return ok ? { value: named } : { expected: "origins like https://app.example or http://localhost:5173, parted by commas" };
};

/** `host:port`, `:port`, `port` (both on 127.0.0.1), `[::1]:port`; `off` for none. */
export const parseListen: ParseValue<ListenAddress> = (foreign) => {
  const text = toText(foreign)?.trim() ?? "";
  if (text === "off" || foreign === false) return { value: null };
  const [, bracketed, plain, digits] = /^(?:(?:\[([^\]]+)\]|([^:[\]\s]*)):)?(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? (plain || "127.0.0.1");
  const port = Number(digits);
  const hostFits = bracketed === undefined ? isIP(host) === 4 || HOST_NAME.test(host) : isIP(host) === 6;
  if (digits === undefined || port > 65_535 || !hostFits)
    return { expected: "host:port like 127.0.0.1:4800 or [::1]:4800, a port alone, port 0 for any free one, or off" };
  return { value: { host, port } };
};

/** YAML's numbers and booleans as they would have been written in a flag. */
function toText(foreign: unknown): string | null {
  if (typeof foreign === "string") return foreign;
  return typeof foreign === "number" || typeof foreign === "boolean" ? String(foreign) : null;
}

export function formatSize(bytes: number): string {
  for (const [unit, factor] of [["GiB", 1024 ** 3] as const, ["MiB", 1024 ** 2] as const, ["KiB", 1024] as const])
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor}${unit}`;
  return `${bytes}`;
}

export function formatDuration(ms: number): string {
  if (ms >= 86_400_000 && ms % 86_400_000 === 0) return `${ms / 86_400_000}d`;
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms >= 1000 && ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
