import { ProgressBar, Label } from "react-aria-components";
import { toSize } from "../../format/quantity.ts";
import type { BodyState } from "./use-body.ts";

/** How far the body is, or why it is not here. Small ones come before anything needs to be said. */
export function BodyProgress({ body }: { readonly body: Exclude<BodyState, { readonly state: "ready" }> }) {
  if (body.state === "failed")
    return (
      <div className="empty">
        <h2>The body could not be read</h2>
        <p>{body.reason}</p>
      </div>
    );
  return (
    <ProgressBar className="progress" value={body.loadedBytes} maxValue={Math.max(1, body.totalBytes)}>
      {({ percentage }) => (
        <>
          <Label>{body.loadedBytes < body.totalBytes ? `Fetching ${toSize(body.totalBytes)}…` : "Reading…"}</Label>
          <span className="progress__track">
            <span className="progress__fill" style={{ width: `${percentage ?? 0}%` }} />
          </span>
        </>
      )}
    </ProgressBar>
  );
}
