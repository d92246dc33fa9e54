import { Fragment } from "react";
import { useApp } from "../../components/app-context.tsx";

/** A topic whose levels lead to what is above it. */
export function TopicPath({ topic }: { readonly topic: string }) {
  const { router } = useApp();
  const names = topic.split("/");
  return (
    <span className="topic-path" title={topic}>
      {names.map((name, at) => {
        const above = names.slice(0, at + 1).join("/");
        const text = name === "" ? "(no name)" : name;
        if (at === names.length - 1)
          return (
            <span key={above} className="topic-path__name">
              {text}
            </span>
          );
        return (
          <Fragment key={above}>
            <button type="button" className="topic-path__above" onClick={() => router.go({ item: above }, { replace: true })}>
              {text}
            </button>
            <span className="topic-path__slash">/</span>
          </Fragment>
        );
      })}
    </span>
  );
}
