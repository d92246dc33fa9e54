import { CircleAlert } from "lucide-react";
import { Button } from "react-aria-components";
import type { CallState } from "../../components/use-call-result.ts";

/** Stands where an answer of the hub will be: while it is waited for, or with why it did not come. */
export function CallGap({ state }: { readonly state: Pick<CallState<unknown>, "refusal" | "reload"> }) {
  if (!state.refusal) return <p className="panel panel--waiting">Asking the hub…</p>;
  return (
    <div className="panel empty">
      <CircleAlert size={28} aria-hidden="true" />
      <h3>The hub did not say</h3>
      <p>{state.refusal.message}</p>
      <Button className="button" onPress={state.reload}>
        Try again
      </Button>
    </div>
  );
}
