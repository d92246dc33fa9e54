import { Pin, Send } from "lucide-react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../../components/app-context.tsx";
import { IconButton } from "../../components/icon-button.tsx";
import { toListTime } from "../../format/time.ts";
import { published, type Publication, type Published } from "../../state/published.ts";

interface PublishedListProps {
  readonly onLoad: (publication: Publication) => void;
  readonly onSend: (publication: Publication) => void;
}

/** What was published from this browser, newest first. */
export function PublishedList({ onLoad, onSend }: PublishedListProps) {
  const { hub } = useApp();
  const all = useReadable(published.all);
  if (all.length === 0) return null;
  return (
    <section className="publish__list" aria-label="Published from here">
      <div className="publish__list-head">
        <h3>Published from here</h3>
        <Button className="button button--small button--quiet" onPress={published.clear}>
          Forget them
        </Button>
      </div>
      <ul>
        {all.map((one) => (
          <li key={one.id} className="publish__item">
            <Button className="publish__load" aria-label={`Put #${one.seq} into the form`} onPress={() => onLoad(one)}>
              <span className="publish__time">{toListTime(one.at, hub.now())}</span>
              <code>{one.topic}</code>
              {one.retain && <Pin size={11} aria-label="Retained" />}
              <span>{one.encoding === "base64" ? "bytes" : one.payload}</span>
            </Button>
            <IconButton label={`Publish #${one.seq} again`} onPress={() => onSend(toPublication(one))}>
              <Send size={13} aria-hidden="true" />
            </IconButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function toPublication({ topic, payload, encoding, contentType, retain, qos }: Published): Publication {
  return { topic, payload, encoding, contentType, retain, qos };
}
