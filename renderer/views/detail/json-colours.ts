import { syntaxTree } from "@codemirror/language";
import { RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, ViewPlugin, type DecorationSet, type EditorView, type ViewUpdate } from "@codemirror/view";

const MARKS: Readonly<Record<string, Decoration>> = {
  PropertyName: Decoration.mark({ class: "json-key" }),
  String: Decoration.mark({ class: "json-string" }),
  Number: Decoration.mark({ class: "json-number" }),
  True: Decoration.mark({ class: "json-boolean" }),
  False: Decoration.mark({ class: "json-boolean" }),
  Null: Decoration.mark({ class: "json-null" }),
};

/** Colours of JSON as classes of our own style sheet, for the lines in sight. */
export const jsonColours: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = colour(view);
    }

    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged || syntaxTree(update.startState) !== syntaxTree(update.state))
        this.decorations = colour(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function colour(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  for (const { from, to } of view.visibleRanges)
    syntaxTree(view.state).iterate({
      from,
      to,
      enter: (node) => {
        const mark = MARKS[node.name];
        if (mark) builder.add(node.from, node.to, mark);
      },
    });
  return builder.finish();
}
