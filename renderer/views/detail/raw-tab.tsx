import { useMemo } from "react";
import type { EventDetail } from "../../../main/contract/event.ts";
import { CopyButton } from "../../components/copy-button.tsx";
import { toRequestHead } from "../../format/header-text.ts";
import { HexView } from "./hex-view.tsx";
import { LinesView } from "./lines-view.tsx";
import { BodyProgress } from "./body-progress.tsx";
import { useBody } from "./use-body.ts";

/** The request as it came: its first line, headers, an empty line and the body. */
export function RawTab({ event }: { readonly event: EventDetail }) {
  const body = useBody(event);
  const head = toRequestHead(event);
  const text = body.state === "ready" ? body.text : null;
  const whole = useMemo(() => (text === null ? null : head === null ? text : `${head}\n\n${text}`), [head, text]);
  if (body.state !== "ready") return <BodyProgress body={body} />;
  return (
    <div className="raw">
      <div className="body-bar">
        <span className="body-bar__note">{head === null ? "Payload as received" : "Request as received"}</span>
        {whole !== null && <CopyButton text={whole} what="Request" labelled />}
      </div>
      {whole !== null ? (
        <LinesView text={whole} label="Request" />
      ) : (
        <>
          {head !== null && <pre className="raw__head">{head}</pre>}
          <HexView bytes={body.bytes} />
        </>
      )}
    </div>
  );
}
