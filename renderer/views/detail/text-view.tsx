import { lazy, Suspense, useMemo, useState } from "react";
import { ToggleButton } from "react-aria-components";
import { CopyButton } from "../../components/copy-button.tsx";
import type { JsonIndex } from "../../format/json-index.ts";
import { toPrettyJson } from "../../format/json-pretty.ts";
import { longestLine } from "../../format/text-lines.ts";
import { LinesView } from "./lines-view.tsx";

const CodeView = lazy(async () => ({ default: (await import("./code-view.tsx")).CodeView }));

/** What the editor shows without a pause; more is shown as plain lines. */
const MAX_EDITOR_CHARS = 2_000_000;
const MAX_EDITOR_LINE = 20_000;
/** JSON that is indented when it is shown; the tree is the place for more. */
const MAX_PRETTY_CHARS = 4_000_000;

export function TextView({ text, json }: { readonly text: string; readonly json: JsonIndex | null }) {
  const canIndent = json !== null && text.length <= MAX_PRETTY_CHARS;
  const [indent, setIndent] = useState(true);
  const shown = useMemo(() => (canIndent && indent ? toPrettyJson(text, json) : text), [text, json, canIndent, indent]);
  const plain = shown.length > MAX_EDITOR_CHARS || longestLine(shown, MAX_EDITOR_LINE) >= MAX_EDITOR_LINE;
  return (
    <div className="text-view">
      <div className="text-view__tools">
        {canIndent && (
          <ToggleButton className="button button--small" isSelected={indent} onChange={setIndent}>
            Indent
          </ToggleButton>
        )}
        <CopyButton text={text} what="Text" />
      </div>
      {plain ? (
        <LinesView text={shown} label="Text" />
      ) : (
        <Suspense fallback={<LinesView text={shown} label="Text" />}>
          <CodeView text={shown} isJson={json !== null} />
        </Suspense>
      )}
    </div>
  );
}
