import { useState } from "react";
import type { CallName, CallParams, CallResult } from "../../main/contract/calls.ts";
import { accept, type Refusal, type Result } from "../../main/contract/errors.ts";
import { toRefusal } from "../link/connection.ts";
import { useApp } from "./app-context.tsx";

export interface Attempt {
  readonly isBusy: boolean;
  /** Why the last one did not succeed; gone with the next. */
  readonly refusal: Refusal | null;
  readonly clear: () => void;
  readonly call: <N extends CallName>(name: N, params: CallParams<N>) => Promise<Result<CallResult<N>>>;
}

/** Calls that a person asked for: busy meanwhile, and a refusal kept to be shown where it belongs. */
export function useAttempt(): Attempt {
  const { connection } = useApp();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return {
    isBusy,
    refusal,
    clear: () => setRefusal(null),
    call: async (name, params) => {
      setBusy(true);
      setRefusal(null);
      try {
        return accept(await connection.call(name, params));
      } catch (error) {
        const refusal = toRefusal(error);
        setRefusal(refusal);
        return { ok: false, refusal };
      } finally {
        setBusy(false);
      }
    },
  };
}
