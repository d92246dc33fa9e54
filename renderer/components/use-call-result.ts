import { useEffect, useEffectEvent, useRef, useState } from "react";
import type { CallName, CallParams, CallResult } from "../../main/contract/calls.ts";
import type { Refusal } from "../../main/contract/errors.ts";
import { toRefusal } from "../link/connection.ts";
import { useApp, useReadable } from "./app-context.tsx";

export interface CallState<T> {
  /** The last answer; null until there is one. */
  readonly value: T | null;
  /** Why the last try gave none. */
  readonly refusal: Refusal | null;
  readonly reload: () => void;
  /** Puts in place what another call answered. */
  readonly set: (value: T) => void;
}

/** A call's answer: asked for when shown, again with each new connection, and every `everyMs` where that is given. */
export function useCallResult<N extends CallName>(name: N, params: CallParams<N>, everyMs?: number): CallState<CallResult<N>> {
  const { connection } = useApp();
  const { state } = useReadable(connection.state);
  const [value, setValue] = useState<CallResult<N> | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const asked = useRef(0);
  const load = async (): Promise<void> => {
    asked.current += 1;
    const mine = asked.current;
    try {
      const answer = await connection.call(name, params);
      if (mine !== asked.current) return; // asked again meanwhile, or shown no more
      setValue(answer);
      setRefusal(null);
    } catch (error) {
      if (mine === asked.current) setRefusal(toRefusal(error));
    }
  };
  const start = useEffectEvent(() => void load());
  useEffect(() => {
    if (state !== "open") return;
    queueMicrotask(start);
    const timer = everyMs === undefined ? undefined : setInterval(start, everyMs);
    const rounds = asked;
    return () => {
      clearInterval(timer);
      rounds.current += 1;
    };
  }, [state, everyMs]);
  return { value, refusal, reload: () => void load(), set: setValue };
}
