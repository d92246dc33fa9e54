import { ListCollapse, Search, Send, X } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "react-aria-components";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { IconButton } from "../../components/icon-button.tsx";

/** What is searched for in the tree, and what can be done without a topic. */
export function TopicsToolbar() {
  const { commands, topics } = useApp();
  const { search } = useReadable(topics.view);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(search);
  const change = (next: string): void => {
    setText(next);
    topics.search(next);
  };
  useCommands({
    "filter.focus": () => input.current?.focus(),
    "filter.clear": text === "" ? null : () => change(""),
  });
  return (
    <div className="topics__top">
      <search className="page-search">
        <Search size={14} aria-hidden="true" />
        <input
          ref={input}
          value={text}
          aria-label="Search topics"
          placeholder="Search topics: part of a name, or a filter like +/kitchen/#"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") {
              if (text === "") input.current?.blur();
              change("");
            } else if (event.key === "ArrowDown" || event.key === "Enter") {
              event.preventDefault();
              commands.run("list.next");
            }
          }}
        />
        {text === "" ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <IconButton label="Clear the search" keys="x" onPress={() => change("")}>
            <X size={13} aria-hidden="true" />
          </IconButton>
        )}
      </search>
      <IconButton label="Close all levels" onPress={topics.closeAll}>
        <ListCollapse size={15} aria-hidden="true" />
      </IconButton>
      <Button className="button topics__publish" onPress={() => commands.run("topic.publish")}>
        <Send size={14} aria-hidden="true" />
        Publish
      </Button>
    </div>
  );
}
