import { json } from "@codemirror/lang-json";
import { bracketMatching, foldGutter, foldKeymap } from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, drawSelection, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { jsonColours } from "./json-colours.ts";

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";

const READING: Extension = [
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.contentAttributes.of({ tabindex: "0", "aria-label": "Text" }),
  EditorView.cspNonce.of(nonce),
  EditorView.lineWrapping,
  lineNumbers(),
  drawSelection(),
  search({ top: true }),
  highlightSelectionMatches(),
  keymap.of([...searchKeymap, ...foldKeymap]),
];
const JSON_READING: Extension = [json(), jsonColours, bracketMatching(), foldGutter()];

/** Text to read, search (Ctrl-F), fold and select, in CodeMirror. Loaded when it is first needed. */
export function CodeView({ text, isJson }: { readonly text: string; readonly isJson: boolean }) {
  const parent = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!parent.current) return;
    const view = new EditorView({
      parent: parent.current,
      state: EditorState.create({ doc: text, extensions: [READING, isJson ? JSON_READING : []] }),
    });
    return () => view.destroy();
  }, [text, isJson]);
  return <div ref={parent} className="code" />;
}
