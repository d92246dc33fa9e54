import { ArrowRight, Check, Send } from "lucide-react";
import { useState, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../components/app-context.tsx";
import { CopyButton } from "../components/copy-button.tsx";
import { SignalLogo } from "../components/signal-logo.tsx";
import { toEventTitle } from "../format/event-title.ts";
import { toSize } from "../format/quantity.ts";
import { toClock } from "../format/time.ts";
import { ingressUrl } from "../state/hub-status.ts";
import { curlExample } from "./try-it.tsx";
import { useTestEvent } from "./use-test-event.ts";

/** Three steps that end with a real event in the list. */
export function Welcome({ onDone }: { readonly onDone: () => void }) {
  const { hub, feed, router } = useApp();
  const url = ingressUrl(useReadable(hub.status));
  const { slice } = useReadable(feed.view);
  const [before] = useState(slice.newestSeq);
  const newest = slice.events.at(-1);
  const arrived = newest && newest.seq > before ? newest : null;
  const send = useTestEvent();
  const open = (): void => {
    onDone();
    if (arrived) router.go({ page: "events", item: arrived.id });
  };
  return (
    <main className="start start--welcome">
      <div className="start__card start__card--wide">
        <div className="start__brand">
          <SignalLogo />
          Signalbox
        </div>
        <h1>The line is clear</h1>
        <p className="start__lead">The hub is running and has not received anything yet. Three steps to the first event:</p>
        <ol className="steps">
          <Step number={1} title="This address takes webhooks" done={url !== null}>
            {url ? (
              <div className="command-line">
                <code>{url}/in/&lt;any-name&gt;</code>
                <CopyButton text={`${url}/in/hello`} what="Address" />
              </div>
            ) : (
              <p>The ingress listener is switched off; events can still be published from here.</p>
            )}
          </Step>
          <Step number={2} title="Send something to it" done={arrived !== null}>
            {url && (
              <div className="command-line">
                <code>{curlExample(url)}</code>
                <CopyButton text={curlExample(url)} what="Command" />
              </div>
            )}
            <p className="steps__or">
              or
              <Button className="button" onPress={() => void send()}>
                <Send size={14} aria-hidden="true" />
                Send a test event
              </Button>
            </p>
          </Step>
          <Step number={3} title={arrived ? "Here it is, stored and safe" : "See it arrive"} done={arrived !== null}>
            {arrived ? (
              <p className="steps__event">
                <span className="steps__seq">#{arrived.seq}</span>
                <strong>{toEventTitle(arrived).name}</strong>
                <span>{toClock(arrived.time)}</span>
                <span>{toSize(arrived.size)}</span>
              </p>
            ) : (
              <p>It appears here the moment it is on disk.</p>
            )}
            <p className="steps__go">
              <Button className={arrived ? "button button--primary" : "button button--quiet"} onPress={open}>
                {arrived ? "Open it" : "Skip to the events"}
                <ArrowRight size={14} aria-hidden="true" />
              </Button>
            </p>
          </Step>
        </ol>
      </div>
    </main>
  );
}

function Step({
  number,
  title,
  done,
  children,
}: {
  readonly number: number;
  readonly title: string;
  readonly done: boolean;
  readonly children: ReactNode;
}) {
  return (
    <li className={done ? "step step--done" : "step"}>
      <span className="step__mark" aria-hidden="true">
        {done ? <Check size={13} /> : number}
      </span>
      <div className="step__body">
        <h2>
          {title}
          {done && <span className="visually-hidden"> (done)</span>}
        </h2>
        {children}
      </div>
    </li>
  );
}
