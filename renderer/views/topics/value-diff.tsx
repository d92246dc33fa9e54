import { useEffect, useState } from "react";
import type { EventSummary } from "../../../main/contract/event.ts";
import { useApp } from "../../components/app-context.tsx";
import { WindowedLines } from "../../components/windowed-lines.tsx";
import { toPrettyJson } from "../../format/json-pretty.ts";
import { diffLines, type DiffLine } from "../../format/line-diff.ts";
import { plural, toSize } from "../../format/quantity.ts";
import { toRefusal } from "../../link/connection.ts";
import { readBytes } from "../../state/read-body.ts";

const MAX_BYTES = 256 * 1024;
const MARKS = { same: " ", gone: "−", new: "+" } as const;
const WORDS = { same: "", gone: "before: ", new: "now: " } as const;

type Diff = { readonly state: "ready"; readonly lines: readonly DiffLine[] } | { readonly state: "failed"; readonly reason: string };

/** What a value has that the one before it had not, line by line; JSON is indented for it. */
export function ValueDiff({ event, before }: { readonly event: EventSummary; readonly before: EventSummary | null }) {
  const { bodies, connection } = useApp();
  const [diff, setDiff] = useState<Diff | null>(null);
  useEffect(() => {
    if (before === null) return;
    let gone = false;
    const textOf = async ({ id, size }: EventSummary): Promise<string> => {
      if (size > MAX_BYTES) throw new Error(`Values of more than ${toSize(MAX_BYTES)} are not compared.`);
      const detail = await connection.call("events.get", { id });
      const { text, json } = readBytes(await bodies.load(detail), detail.contentType);
      if (text === null) throw new Error("Binary values are not compared.");
      return json ? toPrettyJson(text, json) : text;
    };
    const load = async (): Promise<void> => {
      try {
        const [was, is] = await Promise.all([textOf(before), textOf(event)]);
        if (!gone) setDiff({ state: "ready", lines: diffLines(was, is) });
      } catch (error) {
        if (!gone) setDiff({ state: "failed", reason: toRefusal(error).message });
      }
    };
    void load();
    return () => {
      gone = true;
    };
  }, [bodies, connection, event, before]);

  if (before === null || diff?.state === "failed")
    return (
      <div className="empty">
        <p>{before === null ? "There is no value before this one." : diff?.state === "failed" && diff.reason}</p>
      </div>
    );
  if (diff === null) return <div className="body" aria-busy="true" />;
  const changed = diff.lines.filter(({ kind }) => kind !== "same").length;
  return (
    <div className="body">
      <div className="body-bar">
        <span className="body-bar__note">
          {changed === 0 ? "Same as the value before" : `${plural(changed, "line")} different from #${before.seq}`}
        </span>
      </div>
      <WindowedLines
        className="diff"
        label="Differences from the value before"
        count={diff.lines.length}
        renderLine={(at) => {
          const { kind, text } = diff.lines[at]!;
          return (
            <span className={`diff__line diff__line--${kind}`}>
              <span className="diff__mark" aria-hidden="true">
                {MARKS[kind]}
              </span>
              <span className="visually-hidden">{WORDS[kind]}</span>
              {text}
            </span>
          );
        }}
      />
    </div>
  );
}
