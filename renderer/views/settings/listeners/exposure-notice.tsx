import type { ListenerName } from "../../../../main/contract/listener.ts";
import { useApp } from "../../../components/app-context.tsx";
import { Notice } from "../../../components/notice.tsx";

interface ExposureNoticeProps {
  readonly name: ListenerName;
  readonly isEncrypted: boolean;
  readonly hasKeys: boolean;
}

/** What it means to listen beyond this machine. */
export function ExposureNotice({ name, isEncrypted, hasKeys }: ExposureNoticeProps) {
  const { router } = useApp();
  if (name === "inspector")
    return (
      <Notice tone="warn" title="Everything the hub receives can be read here.">
        Others on the network need the token to get in, but without TLS it can be read on the way. Prefer a tunnel, like <code>ssh -L</code>
        .
      </Notice>
    );
  if (!hasKeys)
    return (
      <Notice tone="bad" title="There is no key yet.">
        Anyone on the network could publish and listen, so the hub refuses this until there is one.{" "}
        <a
          className="link"
          href="/settings/keys"
          onClick={(event) => {
            event.preventDefault();
            router.go({ page: "settings", item: "keys" });
          }}
        >
          Add a key first
        </a>
        . Without keys it listens there only when the hub is started with <code>--allow-anonymous</code>.
      </Notice>
    );
  return (
    <Notice tone="warn" title="Others on the network can then reach it.">
      From beyond this machine a key is needed to connect. Webhook addresses (<code>/in/…</code>) take whatever anyone sends.
      {!isEncrypted && " What is sent, keys too, can be read on the way: prefer the listener with TLS."}
    </Notice>
  );
}
