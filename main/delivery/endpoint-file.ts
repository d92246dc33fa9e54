import { readFileSync } from "node:fs";
import { RefusalError } from "../contract/errors.ts";
import { writeWhole } from "../platform/write-whole.ts";
import type { Endpoint } from "./endpoint.ts";

/** What of endpoints nobody else may read, by id: kept apart from the log, which can be copied without it. */
export interface EndpointFile {
  get(id: number): Pick<Endpoint, "headers" | "secrets"> | null;
  /** Durable when it returns; null takes it away. Throws when it cannot be written. */
  set(id: number, kept: Pick<Endpoint, "headers" | "secrets"> | null): void;
}

/** Throws a RefusalError when the file cannot be understood. */
export function openEndpointFile(path: string): EndpointFile {
  const kept = new Map(Object.entries(read(path)));
  return {
    get: (id) => kept.get(String(id)) ?? null,
    set(id, one) {
      const next = new Map(kept);
      if (one === null) next.delete(String(id));
      else next.set(String(id), { headers: one.headers, secrets: one.secrets });
      writeWhole(path, `${JSON.stringify({ version: 1, endpoints: Object.fromEntries(next) }, null, 2)}\n`);
      if (one === null) kept.delete(String(id));
      else kept.set(String(id), one);
    },
  };
}

function read(path: string): Record<string, Pick<Endpoint, "headers" | "secrets">> {
  try {
    const { endpoints } = JSON.parse(readFileSync(path, "utf8")) as { endpoints?: Record<string, Pick<Endpoint, "headers" | "secrets">> };
    if (typeof endpoints !== "object" || Object.values(endpoints).some((one) => !Array.isArray(one.secrets) || !Array.isArray(one.headers)))
      throw new Error("it has no endpoints");
    return endpoints;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    const message = `The secrets of endpoints in ${path} cannot be read: ${(error as Error).message}. Mend the file, or put it aside and rotate their secrets.`;
    throw new RefusalError({ code: "CONFIG_INVALID", message, details: { file: path } });
  }
}
