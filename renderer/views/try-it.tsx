import { Send } from "lucide-react";
import { Button } from "react-aria-components";
import { useApp, useReadable } from "../components/app-context.tsx";
import { CopyButton } from "../components/copy-button.tsx";
import { ingressUrl } from "../state/hub-status.ts";
import { useTestEvent } from "./use-test-event.ts";

export function curlExample(url: string): string {
  return `curl ${url}/in/hello -H 'Content-Type: application/json' -d '{"hello":"signalbox"}'`;
}

/** The hub's real address as a command to copy, and a button for those without a terminal at hand. */
export function TryIt() {
  const { hub } = useApp();
  const url = ingressUrl(useReadable(hub.status));
  const send = useTestEvent();
  return (
    <div className="try-it">
      {url && (
        <div className="command-line">
          <code>{curlExample(url)}</code>
          <CopyButton text={curlExample(url)} what="Command" />
        </div>
      )}
      <Button className="button button--primary" onPress={() => void send()}>
        <Send size={14} aria-hidden="true" />
        Send a test event
      </Button>
    </div>
  );
}
