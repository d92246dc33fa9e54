import { CircleAlert, ListTree, SearchX, Send } from "lucide-react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { publishCommands } from "../../format/topic-commands.ts";
import { useAddresses } from "./use-addresses.ts";

/** Why there is no tree, and the one thing to do about it. */
export function EmptyTopics() {
  const { commands, topics } = useApp();
  const { status, reason, search } = useReadable(topics.view);
  const addresses = useAddresses();
  if (status === "failed")
    return (
      <div className="empty">
        <CircleAlert size={28} aria-hidden="true" />
        <h2>The topics could not be read</h2>
        <p>{reason}</p>
        <Button className="button" onPress={topics.retry}>
          Try again
        </Button>
      </div>
    );
  if (search !== "")
    return (
      <div className="empty">
        <SearchX size={28} aria-hidden="true" />
        <h2>No topic matches</h2>
        <p>
          No topic in the log has <code>{search}</code> in it. New topics that do will appear here by themselves.
        </p>
        <Button className="button" onPress={() => commands.run("filter.clear")}>
          Clear the search
        </Button>
      </div>
    );
  const examples = publishCommands("demo/temperature", "21.5", addresses);
  return (
    <div className="empty">
      <ListTree size={28} aria-hidden="true" />
      <h2>No topics yet</h2>
      <p>
        Every topic that a device, a webhook or a client publishes to appears here as a tree, with its last value, its rate and a chart of
        its numbers.
      </p>
      <div className="try-it">
        {examples.map(({ tool, command }) => (
          <div key={tool} className="command-line">
            <code>{command}</code>
            <CopyButton text={command} what={`${tool} command`} />
          </div>
        ))}
        <Button className="button button--primary" onPress={() => commands.run("topic.publish")}>
          <Send size={14} aria-hidden="true" />
          Publish from here
        </Button>
      </div>
    </div>
  );
}
