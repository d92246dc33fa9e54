import { useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { EventDetail } from "../../../main/contract/event.ts";
import { formatsFor, type BodyFormat } from "../../format/body-kind.ts";
import { toSize } from "../../format/quantity.ts";
import { MAX_VIEW_BYTES } from "../../state/body-loader.ts";
import { BodyProgress } from "./body-progress.tsx";
import { FormView } from "./form-view.tsx";
import { HexView } from "./hex-view.tsx";
import { ImageView } from "./image-view.tsx";
import { JsonTree } from "./json-tree.tsx";
import { TextView } from "./text-view.tsx";
import { useBody, type BodyState } from "./use-body.ts";

const LABELS: Readonly<Record<BodyFormat, string>> = { tree: "Tree", text: "Text", hex: "Hex", form: "Form", image: "Image" };

export function BodyTab({ event }: { readonly event: EventDetail }) {
  const body = useBody(event);
  const [chosen, setChosen] = useState<BodyFormat | null>(null);
  if (event.storedBytes === 0)
    return (
      <div className="empty">
        <p>This event has no body.</p>
      </div>
    );
  if (body.state !== "ready") return <BodyProgress body={body} />;
  const formats = formatsFor({ contentType: event.contentType, isText: body.text !== null, isJson: body.json !== null });
  const format = chosen && formats.includes(chosen) ? chosen : formats[0]!;
  return (
    <div className="body">
      <div className="body-bar">
        <ToggleButtonGroup
          className="segments"
          aria-label="Format"
          selectedKeys={[format]}
          disallowEmptySelection
          onSelectionChange={(keys) => setChosen([...keys][0] as BodyFormat)}
        >
          {formats.map((one) => (
            <ToggleButton key={one} id={one} className="segments__item">
              {LABELS[one]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
        <span className="body-bar__note">{noteOf(event, body)}</span>
      </div>
      <BodyView format={format} body={body} contentType={event.contentType} />
    </div>
  );
}

interface BodyViewProps {
  readonly format: BodyFormat;
  readonly body: BodyState & { readonly state: "ready" };
  readonly contentType: string | null;
}

function BodyView({ format, body, contentType }: BodyViewProps) {
  const { bytes, text, json } = body;
  if (format === "tree" && text !== null && json) return <JsonTree text={text} index={json} />;
  if (format === "form" && text !== null) return <FormView text={text} />;
  if (format === "text" && text !== null) return <TextView text={text} json={json} />;
  if (format === "image") return <ImageView bytes={bytes} contentType={contentType} />;
  return <HexView bytes={bytes} />;
}

function noteOf(event: EventDetail, body: BodyState & { readonly state: "ready" }): string {
  if (body.cut) return `The first ${toSize(MAX_VIEW_BYTES)} of ${toSize(event.storedBytes)}; the download has all of it`;
  if (event.truncated) return `Only the first ${toSize(event.storedBytes)} of ${toSize(event.size)} are stored`;
  if (body.jsonFault) return `Not valid JSON: ${body.jsonFault.fault} at character ${body.jsonFault.offset + 1}`;
  return toSize(event.storedBytes);
}
