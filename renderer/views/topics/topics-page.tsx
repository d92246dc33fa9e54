import { useCallback, useEffect } from "react";
import { useApp, useCommands, useReadable } from "../../components/app-context.tsx";
import { SplitPane } from "../../components/split-pane.tsx";
import { EmptyTopics } from "./empty-topics.tsx";
import { PublishPane } from "./publish-pane.tsx";
import { TopicPane } from "./topic-pane.tsx";
import { TopicTreeView } from "./topic-tree-view.tsx";
import { TopicsToolbar } from "./topics-toolbar.tsx";
import { publishing, topicTab } from "./topic-tab.ts";

/** Every topic in one tree, live, and everything about one of them beside it. */
export function TopicsPage() {
  const { router, topics } = useApp();
  const { item: shown } = useReadable(router.route);
  const { rows, status } = useReadable(topics.view);
  const isPublishing = useReadable(publishing);
  useEffect(() => topics.start(), [topics]);
  useEffect(() => {
    topics.lines.alsoWatch(shown);
    return () => topics.lines.alsoWatch(null);
  }, [topics, shown]);

  const show = useCallback((topic: string) => router.go({ item: topic }, { replace: router.route.get().item !== null }), [router]);
  useCommands({
    "topic.publish": () => {
      if (shown === null) publishing.set(true);
      else topicTab.set("Publish");
      // The form is there after this rendering.
      setTimeout(() => document.querySelector<HTMLElement>(shown === null ? ".publish input" : ".publish textarea")?.focus());
    },
    "item.close":
      shown === null && !isPublishing
        ? null
        : () => {
            publishing.set(false);
            router.go({ item: null });
          },
  });
  const side =
    shown !== null ? <TopicPane key={shown} topic={shown} /> : isPublishing ? <PublishPane onClose={() => publishing.set(false)} /> : null;
  return (
    <main className="topics">
      <h1 className="visually-hidden">Topics</h1>
      <TopicsToolbar />
      <SplitPane side={side} sideLabel={shown === null ? "Publish" : "Topic details"}>
        {rows.length === 0 || (rows.length === 1 && rows[0]!.kind === "more" && status === "failed") ? (
          status === "loading" ? (
            <div className="topic-tree__scroll" aria-busy="true" />
          ) : (
            <EmptyTopics />
          )
        ) : (
          <TopicTreeView shown={shown} onShow={show} />
        )}
      </SplitPane>
    </main>
  );
}
