import type { CallName, CallResult } from "../contract/calls.ts";
import { RefusalError, refuse, type Refusal, type Result } from "../contract/errors.ts";
import type { CallHandlers } from "./call-handlers.ts";
import { isCallName, parseCallParams } from "./parse-params.ts";
import type { ReportFailure } from "./report-failure.ts";

/** One call by name with foreign parameters, as links and REST both make it. Never rejects. */
export type RunCall = (name: string, params: unknown) => Promise<Result<unknown>>;

export function createRunCall(handlers: CallHandlers, reportFailure: ReportFailure): RunCall {
  const run = async <N extends CallName>(name: N, params: unknown): Promise<Result<CallResult<N>>> => {
    const parsed = parseCallParams(name, params);
    return parsed.ok ? handlers[name](parsed.value) : parsed;
  };
  return async (name, params) => {
    if (!isCallName(name)) return refuse("CALL_UNKNOWN", `There is no call "${name}".`, { name });
    try {
      return await run(name, params);
    } catch (error) {
      return { ok: false, refusal: error instanceof RefusalError ? toRefusal(error) : reportFailure(`The call ${name}`, error) };
    }
  };
}

/** The log refuses by exception where its answer has no room for a refusal. */
function toRefusal({ code, message, details }: RefusalError): Refusal {
  return details ? { code, message, details } : { code, message };
}
