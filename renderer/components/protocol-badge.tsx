import { ArrowLeftRight, Clock3, Globe, Radio, Rss, TrainTrack, Webhook, Zap, type LucideIcon } from "lucide-react";
import { memo } from "react";
import type { Protocol } from "../../main/contract/event.ts";

const LOOKS: Readonly<Record<Protocol, readonly [icon: LucideIcon, label: string]>> = {
  webhook: [Webhook, "Webhook"],
  http: [Globe, "HTTP"],
  websocket: [ArrowLeftRight, "WebSocket"],
  mqtt: [Radio, "MQTT"],
  sse: [Rss, "SSE"],
  "long-poll": [Clock3, "Long poll"],
  "socket-io": [Zap, "Socket.IO"],
  hub: [TrainTrack, "Hub"],
};

/** The way an event came: a shape and a word, each protocol with its own. */
export const ProtocolBadge = memo(function ProtocolBadge({ protocol }: { readonly protocol: Protocol }) {
  const [Icon, label] = LOOKS[protocol];
  return (
    <span className={`protocol protocol--${protocol}`}>
      <Icon size={13} strokeWidth={2} aria-hidden="true" />
      {label}
    </span>
  );
});
