import { useApp } from "../../components/app-context.tsx";

/** An event by its id, or by what one calls it, as a link that can also be opened in a new tab. */
export function EventLink({ id, text = id }: { readonly id: string; readonly text?: string }) {
  const { router } = useApp();
  return (
    <a
      className="link"
      href={`/events/${id}`}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey) return;
        event.preventDefault();
        router.go({ page: "events", item: id });
      }}
    >
      <code>{text}</code>
    </a>
  );
}
