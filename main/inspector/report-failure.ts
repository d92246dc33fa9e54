import { randomUUID } from "node:crypto";
import type { Refusal } from "../contract/errors.ts";
import type { Logger } from "../platform/log.ts";

/** Turns a bug into a refusal that gives nothing away: an id, under which the hub's own log has the stack. */
export type ReportFailure = (what: string, error: unknown) => Refusal;

export function createFailureReporter(logger: Logger): ReportFailure {
  return (what, error) => {
    const id = randomUUID();
    logger.error(`${what} failed.`, { id, error });
    return { code: "INTERNAL", message: `Something went wrong inside the hub. Its log explains it under the id ${id}.`, details: { id } };
  };
}
